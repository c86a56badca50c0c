import { expect } from 'vitest';

import type { CacheCounts, CacheTotal, CacheUse } from '../support/cache-tracer.ts';
import type { Played, Truth } from '../support/pages.ts';

type Column = keyof CacheCounts;

/** A column of the report, and what the truth program has for it. */
const truths = {
  accesses: ({ accesses }) => accesses,
  faults: ({ faults }) => faults,
  misses: ({ absent }) => absent,
  readAhead: ({ readAhead }) => readAhead,
  hits: ({ accesses, absent, readAhead }) => accesses - absent - readAhead,
  writes: ({ writeAccesses }) => writeAccesses,
  writeMisses: ({ writeAbsent }) => writeAbsent,
  dirtied: ({ dirtied }) => dirtied,
  direct: ({ direct }) => direct,
} satisfies Partial<Record<Column, (truth: Truth) => number | null>>;

export type TruthColumn = keyof typeof truths;
export const truthColumns = Object.keys(truths) as readonly TruthColumn[];

/** The row of what `played` did with its file; undefined where nothing was seen of it. */
export function rowOf(total: CacheTotal, { pid, inode }: Played): CacheUse | undefined {
  const rows = total.uses.filter((use) => use.pid === pid && use.inode === inode);
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0];
}

/** The same where something must have been seen; what else was seen of the process is told where it was not. */
export function seenRowOf(total: CacheTotal, played: Played): CacheUse {
  const row = rowOf(total, played);
  if (row !== undefined) return row;
  const others = total.uses
    .filter((use) => use.pid === played.pid || use.inode === played.inode)
    .map(({ pid, inode, path }) => `${pid} ${inode} ${path}`);
  throw new Error(`no row of ${played.pid} ${played.inode}, but:\n${others.join('\n')}`);
}

const nothing = { accesses: 0, faults: 0, misses: 0, readAhead: 0, hits: 0 };

/** Expects the columns of the row to be the truth, but for those that cannot be seen: they are null. */
export function expectTruth(
  total: CacheTotal,
  played: Played,
  { unseen = [], vague = [] }: { unseen?: readonly Column[]; vague?: readonly Column[] } = {},
): void {
  const columns = truthColumns.filter(
    (column) => !vague.includes(column) && truths[column](played.truth) !== null,
  );
  const of = (value: (column: TruthColumn) => unknown) =>
    Object.fromEntries(columns.map((column) => [column, value(column)]));
  const expected = of((column) => (unseen.includes(column) ? null : truths[column](played.truth)));
  const isSeen = Object.values(expected).some((value) => value !== null && value !== 0);
  // What only unseen columns would tell of has no row.
  const row: Partial<CacheCounts> | undefined = isSeen
    ? seenRowOf(total, played)
    : rowOf(total, played);
  if (row === undefined)
    expect(of((column) => truths[column](played.truth))).toMatchObject(nothing);
  else expect(of((column) => row[column])).toEqual(expected);
}

/** Pages of the file that left the cache while something else than the truth program ran: memory was short. */
export const takenByOthers = (total: CacheTotal, { inode }: Played): number =>
  total.uses
    .filter((use) => use.inode === inode && use.command !== 'pages')
    .reduce((sum, use) => sum + (use.evicted ?? 0), 0);
