import {
  cachedShare,
  type FileResidency,
  type PageStates,
  type Refusal,
  type ResidencyMethod,
} from './file-residency.ts';
import type { BytePath } from './byte-path.ts';
import { type Bytes, bytes } from './units.ts';

export type FileSortKey = 'given' | 'name' | 'size' | 'cached' | 'percent' | 'dirty' | 'evicted';

/** Sums over the files, each counted once however many names it has. */
export interface FileTotals {
  readonly files: number;
  /** Rows that name a file of another row. */
  readonly repeated: number;
  readonly size: Bytes;
  readonly pages: number;
  readonly cached: number;
  /** Of those files whose method tells. */
  readonly states: PageStates;
  readonly byMethod: Readonly<Record<ResidencyMethod, number>>;
}

/** What is shown of a number of files. */
export interface FileReport {
  readonly rows: readonly FileResidency[];
  readonly sort: FileSortKey;
  /** Of files that another row has under another name: that name, under which they are counted. */
  readonly sameAs: ReadonlyMap<FileResidency, BytePath>;
  /** Rows that `top` left out; they are in the totals. */
  readonly omitted: number;
  readonly totals: FileTotals;
  readonly refusals: readonly Refusal[];
}

const descending =
  (figure: (row: FileResidency) => number) =>
  (a: FileResidency, b: FileResidency): number =>
    figure(b) - figure(a) || byName(a, b);
const byName = (a: FileResidency, b: FileResidency): number =>
  a.path < b.path ? -1 : Number(a.path > b.path);

const orders: Readonly<Record<FileSortKey, (a: FileResidency, b: FileResidency) => number>> = {
  given: () => 0,
  name: byName,
  size: descending((row) => row.size),
  cached: descending((row) => row.cached),
  percent: descending((row) => cachedShare(row) ?? -1),
  dirty: descending((row) => row.states?.dirty ?? -1),
  evicted: descending((row) => row.states?.evicted ?? -1),
};

export const fileSortKeys = Object.keys(orders) as readonly FileSortKey[];

/** Ranks the files and sums them up. `top`: rows at most, Infinity for all. */
export function fileReport(
  files: readonly FileResidency[],
  refusals: readonly Refusal[],
  options: { readonly sort: FileSortKey; readonly top: number },
): FileReport {
  const sameAs = repeated(files);
  const rows = options.sort === 'given' ? files : files.toSorted(orders[options.sort]);
  return {
    rows: rows.slice(0, options.top),
    sort: options.sort,
    sameAs,
    omitted: Math.max(0, rows.length - options.top),
    totals: totalsOf(files, sameAs),
    refusals,
  };
}

function repeated(files: readonly FileResidency[]): Map<FileResidency, BytePath> {
  const first = new Map<string, BytePath>();
  const again = new Map<FileResidency, BytePath>();
  for (const file of files) {
    const known = first.get(file.identity);
    if (known === undefined) first.set(file.identity, file.path);
    else again.set(file, known);
  }
  return again;
}

function totalsOf(
  files: readonly FileResidency[],
  sameAs: ReadonlyMap<FileResidency, BytePath>,
): FileTotals {
  const totals = { files: 0, size: 0, pages: 0, cached: 0 };
  const states = { dirty: 0, writeback: 0, evicted: 0, recentlyEvicted: 0 };
  const byMethod = { cachestat: 0, mincore: 0, none: 0 };
  for (const file of files) {
    if (sameAs.has(file)) continue;
    totals.files++;
    totals.size += file.size;
    totals.pages += file.pages;
    totals.cached += file.cached;
    byMethod[file.method]++;
    if (file.states === null) continue;
    states.dirty += file.states.dirty;
    states.writeback += file.states.writeback;
    states.evicted += file.states.evicted;
    states.recentlyEvicted += file.states.recentlyEvicted;
  }
  return { ...totals, size: bytes(totals.size), repeated: sameAs.size, states, byMethod };
}
