import type { Bytes } from '../units.ts';
import type { Pressure } from './snapshot.ts';

/** A control group of the memory controller; figures include the groups below it. */
export interface Cgroup {
  /** Below the hierarchy's mount; `/` for what is mounted there (in a container: its own group). */
  readonly path: string;
  readonly version: 1 | 2;
  readonly usage: Bytes;
  /** null: none of its own. */
  readonly limit: Bytes | null;
  /** memory.high: allocations are slowed down above it; null: none. */
  readonly high: Bytes | null;
  readonly swap: Bytes | null;
  /** Times that usage hit the limit: memory.failcnt, or `max` of memory.events. */
  readonly limitHits: number | null;
  readonly highHits: number | null;
  /** Times that the limit could not be kept by reclaim; processes killed for it. */
  readonly oomEvents: number | null;
  readonly oomKills: number | null;
  /** Of memory.stat. */
  readonly anonymous: Bytes | null;
  /** Page cache, with tmpfs and shared memory. */
  readonly file: Bytes | null;
  readonly shmem: Bytes | null;
  readonly inactiveFile: Bytes | null;
  readonly activeFile: Bytes | null;
  readonly slabReclaimable: Bytes | null;
  readonly dirty: Bytes | null;
  /** Pages of files that were evicted and came back, since the group was made. */
  readonly refaultedFile: number | null;
  readonly majorFaults: number | null;
  /** null on v1. */
  readonly pressure: Pressure | null;
}

/** What the group could give back without hurting anybody: clean page cache that is no tmpfs, and reclaimable slab. */
export function reclaimable(cgroup: Cgroup): number {
  const file = Math.max(0, (cgroup.file ?? 0) - (cgroup.shmem ?? 0) - (cgroup.dirty ?? 0));
  return Math.min(cgroup.usage, file + (cgroup.slabReclaimable ?? 0));
}
