import { pageColumns, type PageCounts } from './cache-snapshot.ts';
import { pages, type Pages } from './units.ts';

/** A column of the counters. */
export type PageColumn = keyof PageCounts;

/** Counters of which some cannot be seen: null. */
export type SeenCounts = { readonly [Column in PageColumn]: Pages | null };

/** Counters of several uses together, with what follows from them. */
export interface CacheTotals extends SeenCounts {
  /** accesses - misses - readAhead; null where one of them cannot be seen. */
  readonly hits: Pages | null;
  /** hits / accesses, 0 to 1; null where there was no access. */
  readonly ratio: number | null;
  /** misses / accesses, 0 to 1: the share of the accesses that waited for storage; null where there was no access. */
  readonly waited: number | null;
  /** (writes - writeMisses) / writes, 0 to 1; null where there was no write. */
  readonly writeRatio: number | null;
  /** Columns that are sums over some of the files only: the mode cannot see them for the others. */
  readonly partial: readonly PageColumn[];
}

/** Counters that are part of another counter: of a call that is still running one may be booked before the other. */
const wholes = {
  accesses: ['misses', 'readAhead'],
  writes: ['writeMisses'],
} as const satisfies Partial<Record<PageColumn, readonly PageColumn[]>>;

/** Whether what was counted there is taken back where it turns out to be something else. */
export const isCorrected = (column: PageColumn): boolean =>
  column === 'filled' || column === 'readAhead';

export const noPages: PageCounts = mapCounts(() => 0);

/** One value per column. */
export function mapCounts(value: (column: PageColumn) => number): PageCounts {
  const counts = {} as Record<PageColumn, Pages>;
  for (const column of pageColumns) counts[column] = pages(value(column));
  return counts;
}

export const addCounts = (a: PageCounts, b: PageCounts): PageCounts =>
  mapCounts((column) => a[column] + b[column]);

export const isNothing = (counts: PageCounts): boolean =>
  pageColumns.every((column) => counts[column] === 0);

/**
 * Splits counters so that no part is more than its whole, and nothing is negative. What is too much, or too little, stands in
 * `carried`, and belongs to a later interval; `settled` + `carried` = `counts`. A whole that cannot be seen bounds nothing.
 */
export function settle(
  counts: PageCounts,
  unseen: readonly PageColumn[],
): {
  readonly settled: PageCounts;
  readonly carried: PageCounts;
} {
  const settled: Record<PageColumn, Pages> = mapCounts((column) => Math.max(0, counts[column]));
  for (const whole of Object.keys(wholes) as (keyof typeof wholes)[]) {
    if (unseen.includes(whole)) continue;
    const parts = wholes[whole];
    let left: number = settled[whole];
    for (const part of parts) {
      settled[part] = pages(Math.min(settled[part], left));
      left -= settled[part];
    }
  }
  return { settled, carried: mapCounts((column) => counts[column] - settled[column]) };
}

/** Sums up; each use with the columns that its file cannot show. */
export function totalsOf(
  uses: Iterable<{
    readonly counts: PageCounts;
    readonly file: { readonly unseen: readonly PageColumn[] };
  }>,
): CacheTotals {
  const sums: Record<PageColumn, number> = { ...noPages };
  const seen = new Set<PageColumn>();
  const unseen = new Set<PageColumn>();
  const read = new Share();
  const waiting = new Share();
  const written = new Share();
  let any = false;
  for (const { counts, file } of uses) {
    any = true;
    const hidden = (column: PageColumn) => file.unseen.includes(column);
    for (const column of pageColumns) {
      if (hidden(column)) unseen.add(column);
      else {
        seen.add(column);
        sums[column] += counts[column];
      }
    }
    const { accesses, misses, readAhead, writes, writeMisses } = counts;
    if (!hidden('accesses') && !hidden('misses')) {
      waiting.add(misses, accesses);
      if (!hidden('readAhead')) read.add(accesses - misses - readAhead, accesses);
    }
    if (!hidden('writes') && !hidden('writeMisses')) written.add(writes - writeMisses, writes);
  }
  const shown = Object.fromEntries(
    pageColumns.map((column) => [column, any && !seen.has(column) ? null : pages(sums[column])]),
  ) as unknown as SeenCounts;
  return {
    ...shown,
    hits: any && !read.known ? null : pages(read.part),
    ratio: read.value,
    waited: waiting.value,
    writeRatio: written.value,
    partial: pageColumns.filter((column) => seen.has(column) && unseen.has(column)),
  };
}

/** A part of a whole over the uses for which both can be seen. */
class Share {
  known = false;
  part = 0;
  #whole = 0;

  add(part: number, whole: number): void {
    this.known = true;
    this.part += part;
    this.#whole += whole;
  }

  get value(): number | null {
    return this.#whole === 0 ? null : this.part / this.#whole;
  }
}
