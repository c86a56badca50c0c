import type { Allocator } from './allocator.ts';
import { glibc } from './glibc.ts';
import { jemalloc } from './jemalloc.ts';
import { mimalloc } from './mimalloc.ts';
import { musl } from './musl.ts';
import { tcmalloc } from './tcmalloc.ts';

/** Every allocator that is known by name. Marks are looked for in this order: a libc linked in beside another allocator comes last. */
export const allocators: readonly Allocator[] = [mimalloc, tcmalloc, jemalloc, musl, glibc];
