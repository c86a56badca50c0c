import { type CacheFilter, isConfined, matches, matchesFile, noFilter } from './cache-filter.ts';
import type { CacheInterval } from './cache-interval.ts';
import type { CachedFile, CacheProcess, CacheSnapshot, FileKind } from './cache-snapshot.ts';
import { type Eviction, evictionsOf } from './evictions.ts';
import type { Notice } from './leak-snapshot.ts';
import { type CacheTotals, type PageColumn, totalsOf } from './page-counts.ts';
import type { CacheCgroup, SpanUse } from './span-use.ts';
import type { Milliseconds, Pages } from './units.ts';

/** What the rows of a report are. */
export const cacheViews = ['process', 'file', 'cgroup'] as const;
export type CacheView = (typeof cacheViews)[number];

/** Whom a row is about. */
export type CacheSubject =
  | { readonly view: 'process'; readonly process: CacheProcess }
  | { readonly view: 'file'; readonly file: CachedFile }
  | { readonly view: 'cgroup'; readonly cgroup: CacheCgroup };

/** One process, file or control group, and what it did in the time of the report. */
export interface CacheRow {
  /** Unique within its view, stable over the reports of a session. */
  readonly id: string;
  readonly subject: CacheSubject;
  /** Of a process or a control group: its files of storage only. Of a file: the file, whatever its kind. */
  readonly totals: CacheTotals;
  /** Of a process or a control group: metadata, memory and other, which are in no ratio. Of a file: nothing. */
  readonly apart: CacheTotals;
  /** Pages in the cache now; null where it is no file, or not known. */
  readonly resident: Pages | null;
}

/** What one process did with one file: a cell of the matrix of processes and files. */
export interface CacheCell {
  readonly process: CacheProcess;
  readonly file: CachedFile;
  readonly totals: CacheTotals;
}

/** Kinds of files that are in no total and in no ratio. */
export const kindsApart = ['metadata', 'memory', 'other'] as const satisfies readonly FileKind[];

/** What happened in one interval, or since the session began. */
export interface CacheReport {
  readonly snapshot: CacheSnapshot;
  readonly span: CacheInterval['span'];
  readonly length: Milliseconds;
  /** What it is confined to; null: all that was seen. */
  readonly filter: CacheFilter | null;
  /** Files of storage: of all, or of what it is confined to. */
  readonly system: CacheTotals;
  readonly apart: Readonly<Record<(typeof kindsApart)[number], CacheTotals>>;
  readonly view: CacheView;
  /** Rows in which anything was counted, those with most pages touched first. */
  readonly rows: readonly CacheRow[];
  /** Who evicts whom: of other files first, then most pages first. */
  readonly evictions: readonly Eviction[];
  /** The files of a process or a control group, or the processes of a file, those with most pages touched first. */
  readonly detail: (rowId: string) => readonly CacheCell[];
  /** Every process with each of its files, by control group. */
  readonly uses: () => readonly (CacheCell & { readonly cgroup: CacheCgroup })[];
  readonly notices: readonly Notice[];
}

export interface CacheReportOptions {
  readonly view: CacheView;
  readonly filter?: CacheFilter;
}

/** The report of an interval. Pure: another view or filter of the same interval needs no new snapshot. */
export function cacheReport(interval: CacheInterval, options: CacheReportOptions): CacheReport {
  const { view, filter = noFilter } = options;
  const uses = interval.uses.filter((use) => matches(filter, use));
  const stored = uses.filter(isStored);
  const system = totalsOf(stored);
  const groups = groupBy(uses, (use) => rowIdOf(view, use));
  return {
    snapshot: interval.snapshot,
    span: interval.span,
    length: interval.length,
    filter: isConfined(filter) ? filter : null,
    system,
    apart: {
      metadata: totalsOf(uses.filter(({ file }) => file.kind === 'metadata')),
      memory: totalsOf(uses.filter(({ file }) => file.kind === 'memory')),
      other: totalsOf(uses.filter(({ file }) => file.kind === 'other')),
    },
    view,
    rows: [...groups]
      .map(([id, group]) => rowOf(view, id, group))
      .sort((a, b) => touched(b) - touched(a) || (a.id < b.id ? -1 : 1)),
    evictions: confinedEvictions(interval, filter),
    detail: (rowId) => cellsOf(groups.get(rowId) ?? []),
    uses: () =>
      uses.map((use) => {
        const { process, file, cgroup } = use;
        return { process, file, cgroup, totals: totalsOf([use]) };
      }),
    notices: [
      ...interval.snapshot.notices,
      ...partialNotices(system),
      ...carriedNotices(interval, filter),
      ...forgottenNotices(interval),
      ...unnamedNotices(interval, filter),
    ],
  };
}

const isStored = ({ file }: SpanUse): boolean => file.kind === 'file';

function rowIdOf(view: CacheView, { process, file, cgroup }: SpanUse): string {
  switch (view) {
    case 'process':
      return process.id;
    case 'file':
      return file.id;
    case 'cgroup':
      return cgroup.id;
  }
}

function subjectOf(view: CacheView, { process, file, cgroup }: SpanUse): CacheSubject {
  switch (view) {
    case 'process':
      return { view, process };
    case 'file':
      return { view, file };
    case 'cgroup':
      return { view, cgroup };
  }
}

function rowOf(view: CacheView, id: string, uses: readonly [SpanUse, ...SpanUse[]]): CacheRow {
  const [first] = uses;
  const isFile = view === 'file';
  return {
    id,
    subject: subjectOf(view, first),
    totals: totalsOf(isFile ? uses : uses.filter(isStored)),
    apart: totalsOf(isFile ? [] : uses.filter((use) => !isStored(use))),
    resident: isFile ? first.file.resident : null,
  };
}

function cellsOf(uses: readonly SpanUse[]): CacheCell[] {
  const cells = groupBy(uses, ({ process, file }) => `${process.id}\0${file.id}`);
  return [...cells.values()]
    .map((group) => {
      const [{ process, file }] = group;
      return { process, file, totals: totalsOf(group) };
    })
    .sort((a, b) => sumOf(b.totals) - sumOf(a.totals));
}

/** Pages read, written, added and evicted: how much a row has to do with the cache. */
const sumOf = ({ accesses, writes, filled, evicted, direct }: CacheTotals): number =>
  (accesses ?? 0) + (writes ?? 0) + (filled ?? 0) + (evicted ?? 0) + (direct ?? 0);

const touched = ({ totals, apart }: CacheRow): number => sumOf(totals) + sumOf(apart);

function groupBy(
  uses: readonly SpanUse[],
  keyOf: (use: SpanUse) => string,
): ReadonlyMap<string, readonly [SpanUse, ...SpanUse[]]> {
  const groups = new Map<string, [SpanUse, ...SpanUse[]]>();
  for (const use of uses) {
    const key = keyOf(use);
    const group = groups.get(key);
    if (group) group.push(use);
    else groups.set(key, [use]);
  }
  return groups;
}

/** Evictions of the files asked for; with processes or a control group asked for: by them, or of files that they use. */
function confinedEvictions({ evictions, uses }: CacheInterval, filter: CacheFilter): Eviction[] {
  const all = evictionsOf(evictions).filter(({ file }) => matchesFile(filter, file));
  if (filter.pids.length === 0 && filter.cgroup === null) return all;
  const wanted = uses.filter((use) => matches({ ...filter, files: [] }, use));
  const files = new Set(wanted.map(({ file }) => file.id));
  const processes = new Set(wanted.map(({ process }) => process.id));
  return all.filter(({ by, file }) => files.has(file.id) || (by !== null && processes.has(by.id)));
}

const partialWords = (columns: readonly PageColumn[]): string => columns.join(', ');

function partialNotices({ partial }: CacheTotals): Notice[] {
  if (partial.length === 0) return [];
  return [
    {
      code: 'partial-columns',
      text: `not all files show their ${partialWords(partial)} in this mode: the totals are of those that do`,
    },
  ];
}

function carriedNotices({ carried, span }: CacheInterval, filter: CacheFilter): Notice[] {
  const early = carried
    .filter((use) => matches(filter, use))
    .reduce((sum, { counts }) => sum + counts.misses + counts.readAhead + counts.writeMisses, 0);
  if (early <= 0) return [];
  const when = span === 'interval' ? 'counted in a later interval' : 'in no figure';
  return [{ code: 'carried', text: `${early} pages of calls that had not returned: ${when}` }];
}

const forgottenNotices = ({ evictions }: CacheInterval): Notice[] =>
  evictions.movement.forgotten === 0
    ? []
    : [{ code: 'evictions-forgotten', text: 'the smallest evictions are not listed: too many' }];

/** What lies below a directory is known by its name only. */
function unnamedNotices({ uses }: CacheInterval, filter: CacheFilter): Notice[] {
  if (!filter.files.some(({ isDirectory }) => isDirectory)) return [];
  const unnamed = uses.filter(({ file }) => file.named === 'none' && !matchesFile(filter, file));
  const count = new Set(unnamed.map(({ file }) => file.id)).size;
  if (count === 0) return [];
  const what = count === 1 ? '1 file has no name' : `${count} files have no name`;
  return [{ code: 'unnamed-files', text: `${what}: not counted, may be below what was asked for` }];
}
