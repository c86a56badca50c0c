import type { Allocator } from './allocator.ts';
import { cFunctions, mappingFunctions } from './c-functions.ts';

/** musl, whose dynamic loader is the libc itself: mallocng, and the older malloc of 1.1. */
export const musl: Allocator = {
  name: 'musl',
  library: /^(ld-musl-[^/]+\.so\.1|libc\.musl-[^/]+\.so\.1|libc\.so)$/,
  marks: ['default_malloc', '__libc_malloc_impl', '__malloc_donate'],
  functions: [...cFunctions(), ...mappingFunctions],
};
