import type { CachedFile, FileKind } from './cache-snapshot.ts';
import type { Notice } from './leak-snapshot.ts';
import type { Bytes, Milliseconds, Pages } from './units.ts';

/**
 * How files in the cache were found. `inodes`: every inode in the kernel's memory, whether anything has it open or not ·
 * `open-files`: files that processes have open or mapped, asked one by one.
 */
export type ResidentsMethod = 'inodes' | 'open-files';

/** A file with pages in the cache. */
export interface Resident {
  /** Its `resident` is never null. */
  readonly file: CachedFile;
  /** Pages that are yet to be written to storage; null where the kernel does not tell. */
  readonly dirty: Pages | null;
}

/** Files of one kind together. */
export interface KindTotal {
  readonly kind: FileKind;
  readonly files: number;
  readonly pages: Pages;
}

/** What is in the page cache at one instant. */
export interface Residents {
  /** Wall clock, milliseconds since the epoch. */
  readonly takenAt: number;
  /** How long looking took. */
  readonly took: Milliseconds;
  readonly method: ResidentsMethod;
  /** Bytes per page. */
  readonly pageSize: Bytes;
  /** What the kernel says that the page cache has: nr_file_pages without the swap cache, which belongs to no file. */
  readonly cached: Pages;
  readonly swapCache: Pages;
  /** All files found, by their kind; kinds without pages are left out. */
  readonly kinds: readonly KindTotal[];
  /** The files with the most pages, most first. */
  readonly largest: readonly Resident[];
  readonly notices: readonly Notice[];
}

/** Files and pages of all kinds. */
export function residentTotal({ kinds }: Pick<Residents, 'kinds'>): {
  readonly files: number;
  readonly pages: Pages;
} {
  let files = 0;
  let pages: Pages = 0;
  for (const kind of kinds) {
    files += kind.files;
    pages += kind.pages;
  }
  return { files, pages };
}

/** How much of the page cache is accounted for, 0 to 1; null where the kernel says that it is empty. */
export function coverage(residents: Pick<Residents, 'kinds' | 'cached'>): number | null {
  if (residents.cached === 0) return null;
  // Files come and go while the kernel's figure is read.
  return Math.min(1, residentTotal(residents).pages / residents.cached);
}

/** Share of the page cache that a file takes, 0 to 1. */
export const shareOfCache = ({ file }: Resident, { cached }: Pick<Residents, 'cached'>): number =>
  cached === 0 ? 0 : Math.min(1, (file.resident ?? 0) / cached);

/** Share of the file's own pages that are cached, 0 to 1; null for what has no size, such as a device. */
export function shareOfFile(
  { file }: Resident,
  { pageSize }: Pick<Residents, 'pageSize'>,
): number | null {
  if (file.size === null || file.size === 0 || file.kind === 'metadata') return null;
  return Math.min(1, (file.resident ?? 0) / Math.ceil(file.size / pageSize));
}

/** Positions of the `count` largest numbers, largest first. */
export function largestOf(numbers: Float64Array, count: number): number[] {
  const sorted = numbers.toSorted().reverse();
  const least = sorted[Math.min(count, sorted.length) - 1] ?? 0;
  const above: number[] = [];
  const equal: number[] = [];
  numbers.forEach((n, i) => {
    if (n > least) above.push(i);
    else if (n === least && equal.length < count) equal.push(i);
  });
  above.sort((a, b) => (numbers[b] ?? 0) - (numbers[a] ?? 0));
  return [...above, ...equal].slice(0, count);
}
