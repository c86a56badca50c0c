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

/** A file, and whether another row has the same one under another name. */
export interface FileRow extends FileResidency {
  /** The name under which it was counted already. */
  readonly sameAs: BytePath | null;
}

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
  readonly rows: readonly FileRow[];
  /** Rows that `top` left out; they are in the totals. */
  readonly omitted: number;
  readonly totals: FileTotals;
  readonly refusals: readonly Refusal[];
}

const descending =
  (figure: (row: FileRow) => number) =>
  (a: FileRow, b: FileRow): number =>
    figure(b) - figure(a) || byName(a, b);
const byName = (a: FileRow, b: FileRow): number => (a.path < b.path ? -1 : Number(a.path > b.path));

const orders: Readonly<Record<FileSortKey, (a: FileRow, b: FileRow) => number>> = {
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
  const rows = marked(files).sort(orders[options.sort]);
  return {
    rows: rows.slice(0, options.top),
    omitted: Math.max(0, rows.length - options.top),
    totals: totalsOf(rows),
    refusals,
  };
}

function marked(files: readonly FileResidency[]): FileRow[] {
  const first = new Map<string, BytePath>();
  return files.map((file) => {
    const sameAs = first.get(file.identity) ?? null;
    if (sameAs === null) first.set(file.identity, file.path);
    return { ...file, sameAs };
  });
}

function totalsOf(rows: readonly FileRow[]): FileTotals {
  const totals = { files: 0, size: 0, pages: 0, cached: 0 };
  const states = { dirty: 0, writeback: 0, evicted: 0, recentlyEvicted: 0 };
  const byMethod = { cachestat: 0, mincore: 0, none: 0 };
  for (const row of rows) {
    if (row.sameAs !== null) continue;
    totals.files++;
    totals.size += row.size;
    totals.pages += row.pages;
    totals.cached += row.cached;
    byMethod[row.method]++;
    if (row.states === null) continue;
    states.dirty += row.states.dirty;
    states.writeback += row.states.writeback;
    states.evicted += row.states.evicted;
    states.recentlyEvicted += row.states.recentlyEvicted;
  }
  return {
    ...totals,
    size: bytes(totals.size),
    repeated: rows.length - totals.files,
    states,
    byMethod,
  };
}
