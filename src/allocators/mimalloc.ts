import type { Allocator } from './allocator.ts';
import { cFunctions, withPrefix } from './c-functions.ts';

/**
 * mimalloc. The functions of explicit heaps take the heap first and the size second, which is where the shape `aligned` has it;
 * those of them that need a third place (mi_heap_calloc, mi_heap_realloc) end in these. mi_expand never moves a block.
 */
export const mimalloc: Allocator = {
  name: 'mimalloc',
  library: /^libmimalloc[^/]*\.so/,
  marks: ['mi_malloc'],
  functions: [
    ...cFunctions(),
    ...cFunctions('mi_'),
    ...withPrefix('mi_', {
      zalloc: 'size',
      malloc_small: 'size',
      zalloc_small: 'size',
      mallocn: 'count-size',
      reallocn: 'realloc-array',
      rezalloc: 'realloc',
      recalloc: 'realloc-array',
      // Frees the old block when it fails, and so looks like a leak of it then.
      reallocf: 'realloc',
      malloc_aligned: 'size',
      malloc_aligned_at: 'size',
      zalloc_aligned: 'size',
      zalloc_aligned_at: 'size',
      calloc_aligned: 'count-size',
      calloc_aligned_at: 'count-size',
      realloc_aligned: 'realloc',
      realloc_aligned_at: 'realloc',
      rezalloc_aligned: 'realloc',
      rezalloc_aligned_at: 'realloc',
      recalloc_aligned: 'realloc-array',
      recalloc_aligned_at: 'realloc-array',
      aligned_recalloc: 'realloc-array',
      new: 'size-throwing',
      new_nothrow: 'size',
      new_aligned: 'size-throwing',
      new_aligned_nothrow: 'size',
      free_size: 'free',
      free_aligned: 'free',
      free_size_aligned: 'free',
      heap_malloc: 'aligned',
      heap_malloc_small: 'aligned',
      heap_zalloc: 'aligned',
      heap_malloc_aligned: 'aligned',
      heap_malloc_aligned_at: 'aligned',
      heap_zalloc_aligned: 'aligned',
      heap_zalloc_aligned_at: 'aligned',
    }),
    { symbol: 'reallocf', shape: 'realloc' },
    { symbol: 'vfree', shape: 'free' },
  ],
};
