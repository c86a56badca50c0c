import type { AllocatorFunction } from './allocator.ts';

/**
 * The default allocator of Rust programs, where it has names: it ends in malloc or posix_memalign. It is probed so that its direct
 * caller can be read from the stack, where the standard library keeps no frame pointers to walk over.
 */
export const rustAllocators: readonly AllocatorFunction[] = [
  { symbol: '__rdl_alloc', shape: 'owner-size' },
  { symbol: '__rdl_alloc_zeroed', shape: 'owner-size' },
];
