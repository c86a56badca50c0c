import type { Allocator } from './allocator.ts';
import { cFunctions, withPrefix } from './c-functions.ts';

/**
 * Prefixes that jemalloc is built with where it is linked into a program: none, its own default on other systems, Rust's
 * tikv-jemallocator, Arrow's, DuckDB's.
 */
const prefixes = ['', 'je_', '_rjem_', '_rjem_je_', 'jemalloc_', 'je_arrow_', 'duckdb_je_'];

/** What jemalloc adds to C; xallocx never moves a block and nallocx makes none. */
export const jemallocExtras = (prefix: string) =>
  withPrefix(prefix, {
    mallocx: 'size',
    rallocx: 'realloc',
    dallocx: 'free',
    sdallocx: 'free',
  });

/** jemalloc, as a library or linked in under a prefix. */
export const jemalloc: Allocator = {
  name: 'jemalloc',
  library: /^libjemalloc[^/]*\.so/,
  marks: ['mallocx'],
  functions: prefixes.flatMap((prefix) => [...cFunctions(prefix), ...jemallocExtras(prefix)]),
};
