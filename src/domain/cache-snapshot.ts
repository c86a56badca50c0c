import type { Notice } from './leak-snapshot.ts';
import type { Bytes, Milliseconds, Pages } from './units.ts';

/** How page-cache activity is observed: the hook kind of the attached programs. */
export const cacheModes = ['fentry', 'kprobe', 'btf-tracepoint', 'tracepoint'] as const;
export type CacheModeName = (typeof cacheModes)[number];

/** What a mode cannot see, as a sentence of the report. */
export interface BlindSpot {
  /** Stable word for scripts, e.g. `tmpfs-reads`. */
  readonly code: string;
  readonly text: string;
}

/** Counters of page-cache use: base pages unless said otherwise, never decreasing within a session. */
export interface PageCounts {
  /** One per page covered by the bytes that a read-like call returned, and one per fault on a file mapping. */
  readonly accesses: Pages;
  /** Those of the accesses that were page faults. */
  readonly faults: Pages;
  /** Accessed pages that were inserted into the cache inside that very call or fault: the caller waited for storage. */
  readonly misses: Pages;
  /** First accesses to pages that read-ahead brought in. accesses - misses - readAhead are hits. */
  readonly readAhead: Pages;
  /** One per page covered by a write-like call. */
  readonly writes: Pages;
  /** Those of the writes whose page was not cached before. */
  readonly writeMisses: Pages;
  /** Pages that turned dirty. */
  readonly dirtied: Pages;
  /** Pages inserted for reading: misses and read-ahead, also unread ones. */
  readonly filled: Pages;
  /** Pages that left the cache, for whatever reason, while this process ran on the CPU (kswapd is a process too). */
  readonly evicted: Pages;
  /** Those of the evicted that memory reclaim took; the others were truncated, deleted, invalidated or dropped by request. */
  readonly reclaimed: Pages;
  /** Pages inserted again that had left the cache within the session. */
  readonly refaulted: Pages;
  /** Pages that read-ahead brought in and that left the cache unread. */
  readonly wasted: Pages;
  /** Pages' worth of direct I/O (O_DIRECT), which passes the cache by. */
  readonly direct: Pages;
}

export const pageColumns = [
  'accesses',
  'faults',
  'misses',
  'readAhead',
  'writes',
  'writeMisses',
  'dirtied',
  'filled',
  'evicted',
  'reclaimed',
  'refaulted',
  'wasted',
  'direct',
] as const satisfies readonly (keyof PageCounts)[];

/**
 * What a cached inode is. `file`: a file of a disk or network file system: the only kind in totals and ratios ·
 * `metadata`: the block device's own mapping, where most file systems keep their metadata and where reads of the device go ·
 * `memory`: tmpfs, shared memory, hugetlbfs, memfd: there is no storage behind it · `other`: anything else.
 */
export type FileKind = 'file' | 'metadata' | 'memory' | 'other';

/** An inode that had pages accessed, added or evicted during the session. */
export interface CachedFile {
  /** Unique in the session. */
  readonly id: string;
  /** `major:minor` of the super block, which stat() does not give on overlayfs and btrfs. */
  readonly device: string;
  readonly inode: bigint;
  readonly kind: FileKind;
  /** Type of the file system, e.g. `ext4`; empty where unknown. */
  readonly fileSystem: string;
  /** As the processes that use it see it; never empty: `DEV:INO` where no name could be found. */
  readonly path: string;
  /** How the name was found; `none`: it is `DEV:INO`. */
  readonly named: 'dentry' | 'open-file' | 'handle' | 'device' | 'none';
  /** The path on the host, where it differs from `path`: overlayfs, another mount namespace. */
  readonly hostPath: string | null;
  readonly deleted: boolean;
  /** Names that it has: more than 1 is a hard link, of which one name is shown. */
  readonly links: number;
  /** Bytes; null where not known. */
  readonly size: Bytes | null;
  /** Pages in the cache now; null where not known (the inode is gone). */
  readonly resident: Pages | null;
  /** Columns that this mode cannot see for this file: shown as `-`, null in JSON. */
  readonly unseen: readonly (keyof PageCounts)[];
}

/**
 * Id of the process that stands for all that are not told apart any more. Their uses vanish from the snapshot, and their counts
 * are in its uses from then on: of the same file, or of a file that stands for others of its kind.
 */
export const mergedProcess = '0';

/** A process that used the page cache, alive or not. */
export interface CacheProcess {
  /** Unique in the session, also when the kernel gives a pid again. */
  readonly id: string;
  readonly pid: number;
  readonly uid: number;
  /** Its latest command name. */
  readonly command: string;
  readonly isKernelThread: boolean;
  readonly alive: boolean;
}

/** Counts of one file as used by one process in one cgroup, since the session began. */
export interface PageUse {
  /** Keys into the snapshot's `processes`, `files` and `cgroups`. */
  readonly process: string;
  readonly file: string;
  readonly cgroup: string;
  readonly counts: PageCounts;
}

/** The kernel's own figures: /proc/meminfo in bytes, /proc/vmstat in pages since boot; null where it does not have them. */
export interface CacheMemory {
  readonly buffers: Bytes;
  readonly cached: Bytes;
  readonly dirty: Bytes;
  readonly writeback: Bytes;
  readonly filePages: Pages | null;
  readonly refaultedFile: Pages | null;
  readonly activatedFile: Pages | null;
  readonly scannedFile: Pages | null;
  readonly stolenFile: Pages | null;
}

/** What was dropped by the tracer itself: each makes the report incomplete. */
export const cacheLossReasons = {
  'uses-full': 'page uses not booked: the table of uses was full (--max-rows)',
  'files-full':
    'files without a name: the table of files was full (--max-rows); they count as files of storage',
  'marks-full':
    'read-ahead pages not followed: the table of marks was full; they count as hits when read',
  'processes-full': 'processes without a name: the process table was full',
  'threads-full': 'calls not paired: the thread table was full',
  'long-call': 'pages of very long calls that could not be told apart',
  'unseen-end':
    'reads and writes not counted: their end was not seen (too few return probes, or it was skipped)',
  'recursion': 'events skipped by the kernel while the tracer itself was running',
} as const;

export type CacheLossReason = keyof typeof cacheLossReasons;

export interface CacheLoss {
  readonly reason: CacheLossReason;
  readonly count: number;
}

/** What a cache session holds at one instant: cumulative since it began. */
export interface CacheSnapshot {
  /** Wall clock, milliseconds since the epoch. */
  readonly takenAt: number;
  /** Since the session began. */
  readonly elapsed: Milliseconds;
  readonly mode: CacheModeName;
  /** Why not a better mode: one phrase per mode that was tried and refused. */
  readonly refusedModes: readonly { readonly mode: CacheModeName; readonly why: string }[];
  readonly blindSpots: readonly BlindSpot[];
  /** Bytes per page. */
  readonly pageSize: Bytes;
  readonly uses: readonly PageUse[];
  readonly processes: ReadonlyMap<string, CacheProcess>;
  readonly files: ReadonlyMap<string, CachedFile>;
  /** Cgroup id → path below the cgroup mount, `/` for the root; `cgroup ID (removed)` where it is gone. */
  readonly cgroups: ReadonlyMap<string, string>;
  readonly memory: CacheMemory;
  readonly losses: readonly CacheLoss[];
  readonly kernelMemory: Bytes;
  readonly notices: readonly Notice[];
  /** Set in the last snapshot of a session. */
  readonly ended?: 'stopped';
}
