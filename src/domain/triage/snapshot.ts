import type { Bytes, Milliseconds, Pages } from '../units.ts';
import type { Cgroup } from './cgroup.ts';
import type { CounterName } from './counters.ts';
import type { MemoryFigures } from './memory.ts';
import type { ProcessSegments, ProcessUse } from './process-use.ts';

/** Something that was looked for and could not be had: the verdicts do without it, and the report says so. */
export interface Unseen {
  /** What is not visible, in a few words: `slab caches by name`. */
  readonly what: string;
  /** The file that would have told. */
  readonly path: string;
  readonly why: 'missing' | 'no-privilege' | 'unreadable';
}

/** The machine, or what a container is shown of it. */
export interface HostFacts {
  readonly name: string;
  /** As uname -r has it; empty where not known. */
  readonly kernel: string;
  readonly cpus: number;
  readonly pageSize: Bytes;
  /** Since boot; null where not known. */
  readonly uptime: Milliseconds | null;
}

/** One line of a pressure file: the share of time, percent, over the latest 10, 60 and 300 s, and the sum since boot. */
export interface PressureLine {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  readonly total: Milliseconds;
}

/** Time in which some, or all, tasks waited for a resource (PSI). */
export interface Pressure {
  readonly some: PressureLine;
  /** null: not in this file. */
  readonly full: PressureLine | null;
}

/** One zone of one NUMA node, of /proc/zoneinfo. */
export interface Zone {
  readonly node: number;
  /** `DMA`, `DMA32`, `Normal`, `Movable` … */
  readonly name: string;
  readonly free: Pages;
  /** Reclaim is done by whoever allocates below `min`; kswapd wakes below `low` and sleeps again above `high`. */
  readonly min: Pages;
  readonly low: Pages;
  readonly high: Pages;
  /** What the page allocator hands out of it in all. */
  readonly managed: Pages;
  /** Free blocks of 2^i pages, by i, of /proc/buddyinfo; null where not known. */
  readonly freeBlocks: readonly number[] | null;
}

/** One NUMA node: sums of its zones, and its page cache. */
export interface NumaNode {
  readonly id: number;
  readonly total: Bytes;
  readonly free: Bytes;
  /** File pages on its LRU lists; null where not known. */
  readonly file: Bytes | null;
  readonly anonymous: Bytes | null;
}

/** A swap device or file, of /proc/swaps. */
export interface SwapArea {
  readonly path: string;
  readonly size: Bytes;
  readonly used: Bytes;
  readonly priority: number;
}

/** A compressed block device in memory, of /sys/block/zram*. */
export interface ZramDevice {
  readonly name: string;
  /** What was stored, and what that takes. */
  readonly stored: Bytes;
  readonly compressed: Bytes;
  readonly memoryUsed: Bytes;
  readonly disksize: Bytes;
}

/** One slab cache, of /proc/slabinfo. */
export interface SlabCache {
  readonly name: string;
  readonly activeObjects: number;
  readonly objects: number;
  readonly objectSize: Bytes;
  /** Pages of all its slabs. */
  readonly size: Bytes;
  /** Whether the kernel counts it as reclaimable; null where not known. */
  readonly reclaimable: boolean | null;
}

/** A file system in memory. */
export interface MemoryMount {
  readonly path: string;
  readonly fileSystem: string;
  readonly used: Bytes;
  /** 0: without a limit. */
  readonly size: Bytes;
}

/** Huge pages of one size that were set aside. */
export interface HugePool {
  readonly pageSize: Bytes;
  readonly total: number;
  readonly free: number;
  /** Promised to mappings and not yet touched: part of `free`. */
  readonly reserved: number;
  readonly surplus: number;
}

/** One kill by the OOM killer that the kernel log tells of. */
export interface OomKill {
  /** Before the snapshot. */
  readonly age: Milliseconds;
  readonly pid: number;
  readonly command: string;
  /** The control group whose limit it was; null: the whole machine had no memory. */
  readonly cgroup: string | null;
  readonly anonymous: Bytes | null;
}

/** Settings below /proc/sys/vm, and of transparent huge pages and zswap; null where the kernel has none. */
export interface Settings {
  readonly swappiness: number | null;
  readonly minFreeKbytes: number | null;
  readonly watermarkScaleFactor: number | null;
  readonly zoneReclaimMode: number | null;
  readonly dirtyRatio: number | null;
  readonly dirtyBackgroundRatio: number | null;
  readonly dirtyBytes: number | null;
  readonly dirtyBackgroundBytes: number | null;
  readonly dirtyExpireCentisecs: number | null;
  readonly dirtyWritebackCentisecs: number | null;
  readonly overcommitMemory: number | null;
  readonly overcommitRatio: number | null;
  readonly vfsCachePressure: number | null;
  /** `always`, `madvise` or `never`. */
  readonly transparentHugePages: string | null;
  readonly zswapEnabled: boolean | null;
}

/** Everything that was read of /proc and /sys at one instant. What could not be had is null or empty, and named in `unseen`. */
export interface TriageSnapshot {
  /** Wall clock, milliseconds since the epoch. */
  readonly takenAt: number;
  /** Since the session began. */
  readonly elapsed: Milliseconds;
  readonly host: HostFacts;
  readonly memory: MemoryFigures | null;
  /** Since boot, as /proc/vmstat counts; null where this kernel does not. */
  readonly counters: Readonly<Record<CounterName, number | null>>;
  readonly pressure: { readonly memory: Pressure | null; readonly io: Pressure | null };
  readonly zones: readonly Zone[];
  readonly nodes: readonly NumaNode[];
  readonly swaps: readonly SwapArea[];
  readonly zram: readonly ZramDevice[];
  readonly slabs: readonly SlabCache[];
  readonly memoryMounts: readonly MemoryMount[];
  readonly hugePools: readonly HugePool[];
  /** Kills of the kernel log as it is now, oldest first. */
  readonly oomKills: readonly OomKill[];
  readonly settings: Settings;
  readonly cgroups: readonly Cgroup[];
  /** Every process that is visible; no kernel threads, and not memtrace itself. */
  readonly processes: readonly ProcessUse[];
  /** Of each process of --pid. */
  readonly segments: readonly ProcessSegments[];
  readonly unseen: readonly Unseen[];
  /** Set in the last snapshot of a session. */
  readonly ended?: 'stopped';
}
