import type { Mapping } from '../../domain/leak-snapshot.ts';

// <asm-generic/mman-common.h>, <asm-generic/mman.h>: the same on x86-64 and arm64.
const protNone = 0;
const mapAnonymous = 0x20;
const mapStack = 0x2_0000;

/** What a mapping is for, by the arguments that mmap() was given. */
export function mappingUse(protection: number, flags: number): Mapping['use'] {
  if ((flags & mapStack) !== 0) return 'thread-stack';
  if ((flags & mapAnonymous) === 0) return 'file';
  return protection === protNone ? 'reserved' : 'anonymous';
}
