import { loadAddon } from './addon.ts';

/** How far the measurement of one file came: native/core/residency.h. */
export type Outcome =
  | 'measured'
  | 'no-stat'
  | 'not-regular'
  | 'pseudo'
  | 'no-open'
  | 'hidden'
  | 'untold'
  | 'failed';

/** Which call told it; none where there was nothing to ask, as of an empty file. */
export type Method = 'none' | 'cachestat' | 'mincore';

/** One value for each path, in the order of the paths. */
export interface ResidencyColumns {
  /** Index into `outcomes`. */
  readonly outcome: Float64Array;
  /** Index into `methods`. */
  readonly method: Float64Array;
  readonly errno: Float64Array;
  /** st_mode. */
  readonly mode: Float64Array;
  readonly links: Float64Array;
  /** Bytes. */
  readonly size: Float64Array;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: Float64Array;
  /** statfs(2)'s magic number; 0 where it was not learnt. */
  readonly fileSystem: Float64Array;
  readonly pages: Float64Array;
  readonly cached: Float64Array;
  /** This one and the following: 0 unless cachestat(2) told it. */
  readonly dirty: Float64Array;
  readonly writeback: Float64Array;
  readonly evicted: Float64Array;
  readonly recentlyEvicted: Float64Array;
  /** st_dev. */
  readonly device: Float64Array;
  /** The two halves of the inode, 32 bits each. */
  readonly inodeHigh: Float64Array;
  readonly inodeLow: Float64Array;
  /** By index: resident pages of each of as many equal parts; absent where all pages or none are resident. */
  readonly cells: Readonly<Record<number, Float64Array>>;
  /** By index: first page, pages, dirty of them, under writeback of them, for each range of resident pages. */
  readonly ranges: Readonly<Record<number, Float64Array>>;
}

/** Measures files on a worker thread. Nothing is thrown for a file: each has its outcome. */
interface ResidencyReader {
  /**
   * `paths`: bytes, each path ended by a zero byte. With a `directory` they are names of regular files in it, as it was
   * listed: that is quicker.
   */
  measure(
    paths: Uint8Array,
    wanted: { readonly cells: number; readonly ranges: boolean },
    directory?: Uint8Array,
  ): Promise<ResidencyColumns>;
  /** What is not measured yet fails with ECANCELED. */
  stop(): void;
}

/** What is in a directory. */
interface Listing {
  /** Of what could not be read, or 0. */
  readonly errno: number;
  /** Names of regular files: bytes, each ended by a zero byte. */
  readonly files: Uint8Array<ArrayBuffer>;
  /** Of directories, links to follow and what has no type yet. */
  readonly others: Uint8Array<ArrayBuffer>;
  /** Symbolic links that are not among them. */
  readonly links: number;
  /** Devices, FIFOs and sockets. */
  readonly special: number;
}

interface ResidencyAddon {
  /** Reads a directory on a worker thread; `path`: bytes. */
  list(path: Uint8Array, withLinks: boolean): Promise<Listing>;
  readonly ResidencyReader: new () => ResidencyReader;
  readonly outcomes: readonly Outcome[];
  readonly methods: readonly Method[];
  /** Bytes. */
  readonly pageSize: number;
}

let loaded: ResidencyAddon | undefined;

/** The addon, loaded at first use. Errors: Failure `not-built`. */
export function residency(): ResidencyAddon {
  loaded ??= loadAddon<ResidencyAddon>('residency');
  return loaded;
}
