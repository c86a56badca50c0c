import type {
  FileResidency,
  PageStates,
  Refusal,
  RefusalReason,
} from '../../../domain/file-residency.ts';
import { type BytePath, bytePath, pathBytes } from '../../../domain/byte-path.ts';
import { bytes } from '../../../domain/units.ts';
import { type Outcome, residency, type ResidencyColumns } from '../../../native/residency.ts';
import { fileSystemName } from '../../../system/file-systems.ts';

/** Where no file was found: something else, or why nothing can be said. */
export type NoFile =
  | { readonly kind: 'directory'; readonly identity: string }
  | { readonly kind: 'refused'; readonly refusal: Omit<Refusal, 'path' | 'named'> };

/** What was found where a path led. */
export type Found = FileResidency | NoFile;

export const isFile = (found: Found): found is FileResidency => !('kind' in found);

/** Measures paths in batches on worker threads. */
export class Measurer {
  readonly #addon = residency();
  readonly #reader = new this.#addon.ResidencyReader();
  readonly #wanted: { readonly cells: number; readonly ranges: boolean };

  /** `cells`: into how many equal parts a file is divided, for the bar. */
  constructor(wanted: { readonly cells: number; readonly ranges: boolean }) {
    this.#wanted = wanted;
  }

  /**
   * What is at each path; with a `directory`, at each name of a regular file that was listed in it, which is quicker.
   * Errors: Failure `not-built`.
   */
  async measure(paths: readonly BytePath[], directory?: BytePath): Promise<Found[]> {
    const joined = pathBytes(`${paths.join('\0')}\0`);
    if (directory === undefined) {
      const columns = await this.#reader.measure(joined, this.#wanted);
      return paths.map((path, index) => this.#found(path, columns, index));
    }
    const columns = await this.#reader.measure(joined, this.#wanted, pathBytes(directory));
    const base = baseOf(directory);
    return paths.map((name, index) => this.#found(base + name, columns, index));
  }

  /** What is in a directory: names of files, and of what else has to be looked at; the rest counted. `errno`: or 0. */
  async list(directory: BytePath, withLinks: boolean) {
    const listing = await this.#addon.list(pathBytes(directory), withLinks);
    return { ...listing, files: namesIn(listing.files), others: namesIn(listing.others) };
  }

  /** Ends what is under way: the paths that are left are refused with ECANCELED. */
  stop(): void {
    this.#reader.stop();
  }

  #found(path: BytePath, columns: ResidencyColumns, at: number): Found {
    const outcome = this.#addon.outcomes[columns.outcome[at] ?? 0] ?? 'failed';
    if (outcome === 'measured') return this.#file(path, columns, at);
    const type = typeOf(columns.mode[at] ?? 0);
    if (outcome === 'not-regular' && type === 'directory')
      return { kind: 'directory', identity: identityOf(columns, at) };
    const errno = columns.errno[at] ?? 0;
    const fileSystem = fileSystemName(columns.fileSystem[at] ?? 0);
    const what = outcome === 'not-regular' ? type : fileSystem;
    return { kind: 'refused', refusal: { reason: reasonOf(outcome, errno), errno, what } };
  }

  #file(path: BytePath, columns: ResidencyColumns, at: number): FileResidency {
    const method = this.#addon.methods[columns.method[at] ?? 0] ?? 'none';
    const cells = columns.cells[at];
    return {
      path,
      identity: identityOf(columns, at),
      size: bytes(columns.size[at] ?? 0),
      modifiedAt: columns.modifiedMs[at] ?? 0,
      deleted: columns.links[at] === 0,
      fileSystem: fileSystemName(columns.fileSystem[at] ?? 0),
      method,
      pages: columns.pages[at] ?? 0,
      cached: columns.cached[at] ?? 0,
      states: method === 'mincore' ? null : statesOf(columns, at),
      cells: cells === undefined ? null : Array.from(cells),
      ranges: this.#wanted.ranges ? rangesOf(columns.ranges[at]) : null,
    };
  }
}

/** What a name in the directory begins with. */
export const baseOf = (directory: BytePath): BytePath =>
  directory.endsWith('/') ? directory : `${directory}/`;

const namesIn = (bytes: Uint8Array): BytePath[] => bytePath(bytes).split('\0').slice(0, -1);

/** `device:inode` in decimal. */
function identityOf(columns: ResidencyColumns, at: number): string {
  const high = columns.inodeHigh[at] ?? 0;
  const low = columns.inodeLow[at] ?? 0;
  const inode = high === 0 ? low : (BigInt(high) << 32n) | BigInt(low);
  return `${columns.device[at]}:${inode}`;
}

/** Of most files, in their thousands. */
const noStates: PageStates = { dirty: 0, writeback: 0, evicted: 0, recentlyEvicted: 0 };

function statesOf(columns: ResidencyColumns, at: number): PageStates {
  const dirty = columns.dirty[at] ?? 0;
  const writeback = columns.writeback[at] ?? 0;
  const evicted = columns.evicted[at] ?? 0;
  if (dirty === 0 && writeback === 0 && evicted === 0) return noStates;
  return { dirty, writeback, evicted, recentlyEvicted: columns.recentlyEvicted[at] ?? 0 };
}

function rangesOf(flat: Float64Array | undefined): FileResidency['ranges'] {
  if (flat === undefined) return [];
  return Array.from({ length: flat.length / 4 }, (_, index) => {
    const [first = 0, pages = 0, dirty = 0, writeback = 0] = flat.subarray(4 * index);
    return { first, pages, dirty, writeback };
  });
}

// errno of asm-generic/errno-base.h
const errnos = { EPERM: 1, ENOENT: 2, EACCES: 13, ENOTDIR: 20 } as const;

export function reasonOf(outcome: Outcome, errno: number): RefusalReason {
  if (outcome === 'not-regular') return 'special';
  if (outcome === 'pseudo' || outcome === 'hidden' || outcome === 'untold') return outcome;
  if (errno === errnos.ENOENT || errno === errnos.ENOTDIR) return 'missing';
  return errno === errnos.EACCES || errno === errnos.EPERM ? 'unreadable' : 'failed';
}

// The file type bits of st_mode: linux/stat.h
const types: Readonly<Record<number, string>> = {
  0o010000: 'FIFO',
  0o020000: 'character device',
  0o040000: 'directory',
  0o060000: 'block device',
  0o140000: 'socket',
};

const typeOf = (mode: number): string => types[mode & 0o170000] ?? 'special file';
