import type { AllocatorFunction, Shape } from './allocator.ts';

/** The allocation functions of C, POSIX and the usual extensions. */
const cShapes: Readonly<Record<string, Shape>> = {
  malloc: 'size',
  calloc: 'count-size',
  realloc: 'realloc',
  reallocarray: 'realloc-array',
  free: 'free',
  free_sized: 'free',
  free_aligned_sized: 'free',
  cfree: 'free',
  posix_memalign: 'out-aligned',
  aligned_alloc: 'aligned',
  memalign: 'aligned',
  valloc: 'size',
  pvalloc: 'size',
};

/** The C functions with a prefix, e.g. `je_`; of these every allocator defines some. */
export function cFunctions(prefix = ''): AllocatorFunction[] {
  return withPrefix(prefix, cShapes);
}

export function withPrefix(
  prefix: string,
  shapes: Readonly<Record<string, Shape>>,
): AllocatorFunction[] {
  return Object.entries(shapes).map(([name, shape]) => ({ symbol: prefix + name, shape }));
}

/** System call wrappers that make and end mappings: in a libc, or in an allocator that interposes them (gperftools). */
export const mappingFunctions: readonly AllocatorFunction[] = withPrefix('', {
  mmap: 'map',
  mmap64: 'map',
  munmap: 'unmap',
  mremap: 'remap',
});
