import type { Allocator } from './allocator.ts';
import { cFunctions, mappingFunctions } from './c-functions.ts';

/** GNU libc: the malloc of libc.so.6 and of static executables. */
export const glibc: Allocator = {
  name: 'glibc',
  library: /^(libc\.so\.6|libc-2\.\d+\.so)$/,
  marks: ['__libc_memalign'],
  functions: [
    ...cFunctions(),
    ...mappingFunctions,
    { symbol: '__libc_malloc', shape: 'size' },
    { symbol: '__libc_calloc', shape: 'count-size' },
    { symbol: '__libc_realloc', shape: 'realloc' },
    { symbol: '__libc_reallocarray', shape: 'realloc-array' },
    { symbol: '__libc_free', shape: 'free' },
    { symbol: '__libc_memalign', shape: 'aligned' },
    { symbol: '__libc_valloc', shape: 'size' },
    { symbol: '__libc_pvalloc', shape: 'size' },
  ],
};

/** GNU's dynamic loader: before 2.36 it exported a malloc of its own that is out of use once libc is loaded. */
export const glibcLoader = /^ld(64)?(-linux[^/]*|-2\.\d+)?\.so(\.\d+)?$/;
