import type { BytePath } from './byte-path.ts';
import type { Bytes } from './units.ts';

/** Which system call told what is resident; none where there was nothing to ask, as of an empty file. */
export type ResidencyMethod = 'cachestat' | 'mincore' | 'none';

/** What cachestat(2) counts beside resident pages; all in pages. */
export interface PageStates {
  readonly dirty: number;
  readonly writeback: number;
  /** Left the cache, and not so long ago that the kernel forgot; on tmpfs: swapped out. */
  readonly evicted: number;
  /** Of these: so recently that the page would have been used again with a little more memory. */
  readonly recentlyEvicted: number;
}

/** Pages that follow each other and are resident. */
export interface ResidentRange {
  readonly first: number;
  readonly pages: number;
  readonly dirty: number;
  readonly writeback: number;
}

/** How much of one file the page cache holds. */
export interface FileResidency {
  readonly path: BytePath;
  /** Device and inode: the same for every name of the file. */
  readonly identity: string;
  readonly size: Bytes;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** No name leads to it any more. */
  readonly deleted: boolean;
  /** e.g. `ext4`, or its magic number. */
  readonly fileSystem: string;
  readonly method: ResidencyMethod;
  readonly pages: number;
  readonly cached: number;
  /** Null where the method does not tell them. */
  readonly states: PageStates | null;
  /** Resident pages of each of as many equal parts; null where all or none are resident. */
  readonly cells: readonly number[] | null;
  /** Null where they were not asked for. */
  readonly ranges: readonly ResidentRange[] | null;
}

/** Why nothing can be said of a path. */
export type RefusalReason =
  | 'missing'
  | 'unreadable'
  | 'special'
  | 'pseudo'
  | 'hidden'
  | 'untold'
  | 'failed';

/** A path of which nothing can be said, and why: facts, no sentences. */
export interface Refusal {
  readonly path: BytePath;
  readonly reason: RefusalReason;
  /** 0 where no call failed. */
  readonly errno: number;
  /** What it is where it is special: `FIFO`; the file system where that is why. */
  readonly what: string;
  /** The user named it, rather than a directory that holds it. */
  readonly named: boolean;
}

/** The resident share, or null of a file without pages. */
export const cachedShare = ({ pages, cached }: Pick<FileResidency, 'pages' | 'cached'>) =>
  pages === 0 ? null : cached / pages;
