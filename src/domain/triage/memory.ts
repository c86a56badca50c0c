import { bytes, type Bytes } from '../units.ts';

/** /proc/meminfo; null where this kernel has no such line. */
export interface MemoryFigures {
  readonly total: Bytes;
  readonly free: Bytes;
  /** What could be had without swapping, as the kernel estimates it; before 3.14 it does not. */
  readonly available: Bytes | null;
  readonly buffers: Bytes;
  /** Page cache, with shmem and tmpfs, without buffers and the swap cache. */
  readonly cached: Bytes;
  readonly swapCached: Bytes | null;
  readonly activeFile: Bytes | null;
  readonly inactiveFile: Bytes | null;
  readonly unevictable: Bytes | null;
  readonly mlocked: Bytes | null;
  readonly swapTotal: Bytes;
  readonly swapFree: Bytes;
  /** Compressed pages of zswap in memory, and what they were before. */
  readonly zswap: Bytes | null;
  readonly zswapped: Bytes | null;
  readonly dirty: Bytes;
  readonly writeback: Bytes;
  readonly anonymous: Bytes | null;
  readonly mapped: Bytes | null;
  readonly shmem: Bytes | null;
  readonly slab: Bytes | null;
  readonly slabReclaimable: Bytes | null;
  readonly slabUnreclaimable: Bytes | null;
  readonly kernelStack: Bytes | null;
  readonly pageTables: Bytes | null;
  readonly perCpu: Bytes | null;
  readonly vmallocUsed: Bytes | null;
  readonly commitLimit: Bytes | null;
  readonly committed: Bytes | null;
  readonly anonymousHuge: Bytes | null;
  /** All huge pages that were set aside, of every size. */
  readonly hugetlb: Bytes | null;
}

/** The columns of free(1). */
export interface FreeColumns {
  readonly total: Bytes;
  readonly used: Bytes;
  readonly free: Bytes;
  readonly shared: Bytes;
  readonly buffCache: Bytes;
  readonly available: Bytes;
}

/** As free(1) of procps 4 counts: used = total - available, buff/cache = Buffers + Cached + SReclaimable. */
export function freeColumns(memory: MemoryFigures): FreeColumns {
  const buffCache = memory.buffers + memory.cached + (memory.slabReclaimable ?? 0);
  // Without the kernel's estimate free(1) takes what is free.
  const available = memory.available ?? memory.free;
  return {
    total: memory.total,
    used: bytes(Math.max(0, memory.total - available)),
    free: memory.free,
    shared: memory.shmem ?? bytes(0),
    buffCache: bytes(buffCache),
    available,
  };
}

/**
 * Memory that none of the kernel's figures accounts for (drivers, balloons, GPUs); null where a figure is missing. `zram`: what its
 * devices take, which stands in no figure either.
 */
export function unaccounted(memory: MemoryFigures, zram: number): Bytes | null {
  const { anonymous, slab, kernelStack, pageTables, perCpu, vmallocUsed } = memory;
  if (anonymous === null || slab === null || kernelStack === null || pageTables === null)
    return null;
  const accounted =
    memory.free +
    memory.buffers +
    memory.cached +
    (memory.swapCached ?? 0) +
    anonymous +
    slab +
    kernelStack +
    pageTables +
    (perCpu ?? 0) +
    (vmallocUsed ?? 0) +
    (memory.hugetlb ?? 0) +
    (memory.zswap ?? 0) +
    zram;
  return bytes(Math.max(0, memory.total - accounted));
}
