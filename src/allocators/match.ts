import type { AllocatorFunction } from './allocator.ts';
import { cFunctions, mappingFunctions } from './c-functions.ts';
import { cxxRuntime, operatorDeletes, operatorNews } from './cxx-operators.ts';
import { glibc, glibcLoader } from './glibc.ts';
import { musl } from './musl.ts';
import { rustAllocators } from './rust.ts';
import { allocators } from './index.ts';
import { jemallocExtras } from './jemalloc.ts';

/** What is asked of a mapped object: its names, and which of `wantedSymbols` it defines, as file offsets. */
export interface ObjectSymbols {
  readonly fileName: string;
  readonly soname: string | null;
  readonly defined: ReadonlyMap<string, number>;
}

/** A function to probe, and the allocator that it belongs to. */
export interface MatchedFunction extends AllocatorFunction {
  readonly allocator: string;
  readonly offset: number;
}

export interface ObjectMatch {
  readonly functions: readonly MatchedFunction[];
  /** Why it has none, or why some were left out; null where there is nothing to say. */
  readonly reason: string | null;
}

const shared = new Set(
  [
    ...cFunctions(),
    ...operatorNews,
    ...operatorDeletes,
    ...mappingFunctions,
    ...rustAllocators,
  ].map((f) => f.symbol),
);

/** Functions under names that the allocator shares with no C library or C++ runtime. */
const ownFunctions = new Map(
  allocators.map((allocator) => [
    allocator,
    allocator.functions.filter((f) => !shared.has(f.symbol)),
  ]),
);

/** The function that a dynamic loader calls, for debuggers, before and after each change of the loaded libraries. */
const librariesChanged: AllocatorFunction = { symbol: '_dl_debug_state', shape: 'libraries' };

/** All symbols that `matchObject` looks at. */
export function wantedSymbols(prefix?: string): string[] {
  const tables = allocators.flatMap((allocator) => [
    ...allocator.functions.map((f) => f.symbol),
    ...allocator.marks,
  ]);
  const asked = prefix === undefined ? [] : prefixFunctions(prefix).map((f) => f.symbol);
  return [...new Set([...shared, ...tables, ...asked, librariesChanged.symbol])];
}

/** Symbols under which blocks are freed. */
export function freeingSymbols(): string[] {
  const all = [...cFunctions(), ...operatorDeletes, ...allocators.flatMap((a) => a.functions)];
  return all.filter((f) => f.shape === 'free').map((f) => f.symbol);
}

/**
 * The functions of one mapped object that allocate, free, map or unmap; one for each offset. With `prefix` only those under
 * that prefix, and mappings. An object counts by what it defines, whatever its file is called.
 */
export function matchObject(object: ObjectSymbols, prefix?: string): ObjectMatch {
  if (isNamed(object, glibcLoader)) {
    return {
      functions: loaderGroup(object),
      reason: 'the dynamic loader: what it allocates before libc is loaded is its own',
    };
  }
  const common = prefix === undefined ? cGroup(object) : [];
  const own = prefix === undefined ? ownGroups(object) : askedGroup(object, prefix);
  const owner = (common[0] ?? own[0])?.allocator;
  const operators = prefix === undefined || own.length > 0 ? operatorGroup(object, owner) : [];
  const all = distinct([
    ...common,
    ...(prefix === undefined ? [...operators, ...own] : [...own, ...operators]),
    ...pick(object, rustAllocators, 'Rust'),
    ...mappingGroup(object),
    ...loaderGroup(object),
  ]);
  return all.length > 0
    ? { functions: all, reason: null }
    : { functions: [], reason: whyNone(object, prefix) };
}

function cGroup(object: ObjectSymbols): MatchedFunction[] {
  const { defined } = object;
  if (!defined.has('malloc') || !defined.has('free')) return [];
  return pick(object, cFunctions(), cAllocatorName(object));
}

function cAllocatorName(object: ObjectSymbols): string {
  const malloc = object.defined.get('malloc');
  const owner =
    allocators.find((allocator) => allocator.library && isNamed(object, allocator.library)) ??
    allocators.find((allocator) =>
      ownFunctions.get(allocator)?.some((f) => object.defined.get(f.symbol) === malloc),
    ) ??
    allocators.find((allocator) => allocator.marks.some((mark) => object.defined.has(mark)));
  return owner?.name ?? object.soname ?? object.fileName;
}

function ownGroups(object: ObjectSymbols): MatchedFunction[] {
  return allocators.flatMap((allocator) => {
    // The __libc_ names are musl's too, and those of allocators that stand in for glibc.
    const name =
      allocator === glibc && object.defined.has('malloc') ? cAllocatorName(object) : allocator.name;
    return paired(pick(object, ownFunctions.get(allocator) ?? [], name));
  });
}

function askedGroup(object: ObjectSymbols, prefix: string): MatchedFunction[] {
  const known = allocators.find((allocator) =>
    ownFunctions.get(allocator)?.some((f) => f.symbol === `${prefix}malloc`),
  );
  return paired(
    pick(object, prefixFunctions(prefix), known?.name ?? object.soname ?? object.fileName),
  );
}

function operatorGroup(object: ObjectSymbols, allocator?: string): MatchedFunction[] {
  const found = pick(object, operatorNews, allocator ?? 'C++ new');
  const isRuntime = allocator === undefined && isNamed(object, cxxRuntime);
  // Linked statically, the C++ runtime stands beside the C library.
  const callsMalloc = isRuntime || allocator === glibc.name || allocator === musl.name;
  const news = found.map((f) => (callsMalloc ? { ...f, shape: 'owner-size' as const } : f));
  if (isRuntime) return news;
  const deletes = pick(object, operatorDeletes, allocator ?? 'C++ new');
  return paired([...news, ...deletes]);
}

function mappingGroup(object: ObjectSymbols): MatchedFunction[] {
  const { defined } = object;
  if (!defined.has('mmap') || !defined.has('munmap')) return [];
  return pick(object, mappingFunctions, 'mappings');
}

function loaderGroup(object: ObjectSymbols): MatchedFunction[] {
  return pick(object, [librariesChanged], 'loader');
}

function prefixFunctions(prefix: string): AllocatorFunction[] {
  return [...cFunctions(prefix), ...jemallocExtras(prefix)];
}

function pick(
  object: ObjectSymbols,
  functions: readonly AllocatorFunction[],
  allocator: string,
): MatchedFunction[] {
  return functions.flatMap((f) => {
    const offset = object.defined.get(f.symbol);
    return offset === undefined ? [] : [{ ...f, allocator, offset }];
  });
}

// Allocations that nothing frees would all look leaked, and frees alone say nothing.
function paired(functions: MatchedFunction[]): MatchedFunction[] {
  const frees = functions.some((f) => f.shape === 'free');
  const allocates = functions.some((f) => f.shape !== 'free');
  return frees && allocates ? functions : [];
}

function distinct(functions: readonly MatchedFunction[]): MatchedFunction[] {
  const byOffset = new Map<number, MatchedFunction>();
  for (const f of functions) if (!byOffset.has(f.offset)) byOffset.set(f.offset, f);
  return [...byOffset.values()];
}

/** Whether a plan sees blocks: mappings and the loader alone do not make a heap. */
export function seesBlocks(rows: readonly Pick<AllocatorFunction, 'shape'>[]): boolean {
  return rows.some(
    ({ shape }) =>
      shape !== 'map' && shape !== 'unmap' && shape !== 'remap' && shape !== 'libraries',
  );
}

function whyNone(object: ObjectSymbols, prefix?: string): string {
  const found = [...object.defined.keys()].filter(
    (symbol) => prefix === undefined || symbol.startsWith(prefix),
  );
  if (found.length === 0) return 'defines no allocation function';
  return `defines ${found.slice(0, 3).join(', ')}, but not both an allocating and a freeing function of one allocator`;
}

function isNamed(object: Pick<ObjectSymbols, 'fileName' | 'soname'>, pattern: RegExp): boolean {
  return pattern.test(object.fileName) || (object.soname !== null && pattern.test(object.soname));
}
