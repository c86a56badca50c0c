import type { AllocatorFunction } from './allocator.ts';

const nothrow = 'RKSt9nothrow_t';
const aligned = 'St11align_val_t';
// size_t is mangled `m` on 64-bit Linux.
const newSuffixes = [
  'm',
  `m${nothrow}`,
  `m${aligned}`,
  `m${aligned}${nothrow}`,
  'm12__hot_cold_t',
  `m${aligned}12__hot_cold_t`,
];
const deleteSuffixes = [
  'Pv',
  'Pvm',
  `Pv${nothrow}`,
  `Pv${aligned}`,
  `Pvm${aligned}`,
  `Pv${aligned}${nothrow}`,
];

/** Every replaceable `operator new`: scalar and array, aligned, nothrow, and tcmalloc's hot-cold hint. All take the size first. */
export const operatorNews: readonly AllocatorFunction[] = ['_Znw', '_Zna'].flatMap((operator) =>
  newSuffixes.map((suffix) => ({
    symbol: operator + suffix,
    shape: suffix.includes(nothrow) ? ('size' as const) : ('size-throwing' as const),
  })),
);

/** Every replaceable `operator delete`: scalar and array, sized, aligned, nothrow. */
export const operatorDeletes: readonly AllocatorFunction[] = ['_Zdl', '_Zda'].flatMap((operator) =>
  deleteSuffixes.map((suffix) => ({ symbol: operator + suffix, shape: 'free' as const })),
);

/**
 * C++ runtimes: their `new` ends in malloc and their `delete` in free. `new` is probed all the same, because the outermost call
 * owns the block and its direct caller can be read from the stack, where these libraries keep no frame pointers to walk over.
 */
export const cxxRuntime = /^lib(stdc\+\+|c\+\+|c\+\+abi)\.so/;
