import type { CacheRow, CacheView } from '../domain/cache-report.ts';
import type { CacheTotals } from '../domain/page-counts.ts';
import { cacheFileText } from './cache-file-text.ts';
import { fittingTableColumns, type TableColumn } from './table.ts';
import { percentText } from './units.ts';

/** Names of users by uid; a user without a name is shown by its number. */
export type UserNames = ReadonlyMap<number, string>;

/** A figure of some use of the cache: defined here, shown wherever there are counts. */
export interface CacheMeasure {
  readonly id: CacheMeasureId;
  readonly title: string;
  readonly unit: 'pages' | 'share';
  /** Characters. */
  readonly width: number;
  readonly help: string;
  /** Not in cachestat and cachetop: left out by --compat. */
  readonly isOurs: boolean;
  /** null: cannot be seen, or there is nothing that it could be a share of. */
  readonly of: (totals: CacheTotals) => number | null;
}

export type CacheMeasureId =
  | 'hits'
  | 'misses'
  | 'dirtied'
  | 'ratio'
  | 'writeRatio'
  | 'readAhead'
  | 'waited'
  | 'writes'
  | 'evicted'
  | 'refaulted'
  | 'wasted'
  | 'direct';

export const cacheMeasures: Readonly<Record<CacheMeasureId, CacheMeasure>> = {
  hits: measure('hits', 'HITS', 8, 'accessed pages that were cached: no storage was needed'),
  misses: {
    ...measure(
      'misses',
      'MISSES',
      8,
      'accessed pages that storage was read for: awaited or read ahead',
    ),
    of: ({ misses, readAhead }) =>
      misses === null || readAhead === null ? null : misses + readAhead,
  },
  dirtied: measure('dirtied', 'DIRTIES', 8, 'pages that turned dirty'),
  ratio: share('ratio', 'HITRATIO', 8, 'hits of accesses'),
  writeRatio: share('writeRatio', 'WRITE_HIT%', 10, 'written pages that were cached before'),
  readAhead: ours('readAhead', 'READAHEAD', 9, 'those of MISSES that read-ahead had brought in'),
  waited: {
    ...share('waited', 'WAITED', 7, 'share of the accesses that waited for storage'),
    isOurs: true,
  },
  writes: ours('writes', 'WRITES', 8, 'pages written'),
  evicted: ours('evicted', 'EVICTED', 8, 'pages that left the cache'),
  refaulted: ours('refaulted', 'REFAULTED', 9, 'evicted pages that came back'),
  wasted: ours('wasted', 'WASTED', 7, 'pages read ahead that left unread'),
  direct: ours('direct', 'DIRECT', 7, 'pages of direct I/O, which passes the cache by'),
};

/** One column of a table of processes, files or control groups. */
export interface CacheColumn {
  readonly id: CacheColumnId;
  readonly title: string;
  readonly unit: 'pages' | 'share' | 'name';
  /** Characters; 0 takes what is left. */
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly help: string;
  readonly isOurs: boolean;
  /** What rows are sorted by; null comes last. */
  readonly value: (row: CacheRow) => number | string | null;
  /** `-` where there is no value. */
  readonly text: (row: CacheRow, users: UserNames) => string;
}

export type CacheColumnId =
  | CacheMeasureId
  | 'pid'
  | 'user'
  | 'command'
  | 'resident'
  | 'apart'
  | 'name';

const readAndWritten: readonly CacheMeasureId[] = ['hits', 'misses', 'dirtied', 'ratio'];
const moreMeasures: readonly CacheMeasureId[] = [
  'readAhead',
  'waited',
  'writes',
  'evicted',
  'refaulted',
  'wasted',
  'direct',
];

/** What a table says of a row that is not a sum of counts. */
const own = {
  pid: name('pid', 'PID', 8, 'process id', (row) => processOf(row)?.pid ?? null),
  user: {
    ...name('user', 'USER', 8, 'user of the process', (row) => processOf(row)?.uid ?? null),
    text: (row: CacheRow, users: UserNames) => {
      const uid = processOf(row)?.uid;
      return uid === undefined ? '-' : (users.get(uid) ?? String(uid));
    },
  },
  command: name('command', 'CMD', 16, 'command', (row) => processOf(row)?.command ?? null),
  resident: {
    ...number(
      'resident',
      'RESIDENT',
      9,
      'pages of the file in the cache now',
      (row) => row.resident,
    ),
    isOurs: false,
  },
  apart: number(
    'apart',
    'APART',
    8,
    'pages read and written of metadata and memory files, which are in no other column',
    ({ apart: { accesses, writes } }) =>
      accesses === null && writes === null ? null : (accesses ?? 0) + (writes ?? 0),
  ),
  file: name('name', 'PATH', 0, 'path of the file, as its processes see it', ({ subject }) =>
    subject.view === 'file' ? cacheFileText(subject.file) : null,
  ),
  cgroup: name('name', 'CGROUP', 0, 'control group', ({ subject }) =>
    subject.view === 'cgroup' ? subject.cgroup.path : null,
  ),
} as const satisfies Record<string, CacheColumn>;

/** The columns of each view, from left to right. */
export const cacheColumns: Readonly<Record<CacheView, readonly CacheColumn[]>> = {
  process: [
    own.pid,
    own.user,
    own.command,
    ...measured(['hits', 'misses', 'dirtied']),
    { ...columnOf('ratio'), title: 'READ_HIT%', width: 10 },
    columnOf('writeRatio'),
    ...measured(moreMeasures),
    own.apart,
  ],
  file: [...measured(readAndWritten), own.resident, ...measured(moreMeasures), own.file],
  cgroup: [...measured(readAndWritten), ...measured(moreMeasures), own.apart, own.cgroup],
};

/** Rows by a column, largest first (names: from A); `reverse` turns that round. What has no value comes last in both. */
export function sortedRows(
  rows: readonly CacheRow[],
  column: CacheColumn,
  reverse = false,
): CacheRow[] {
  const sign = (column.unit === 'name' ? 1 : -1) * (reverse ? -1 : 1);
  return [...rows].sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x === y ? 0 : (x < y ? -1 : 1) * sign;
  });
}

/** In which order columns are given up where there is no room for all. */
const dispensable: readonly CacheColumnId[] = [
  'direct',
  'wasted',
  'apart',
  'writes',
  'user',
  'writeRatio',
  'refaulted',
  'dirtied',
  'evicted',
  'waited',
  'readAhead',
  'resident',
];

/** A name is what a row is found by: it gets two fifths. */
export const leastNameWidth = (width: number): number => Math.max(20, Math.floor(width * 0.4));

/** The columns of a view that fit into `width` characters, `kept` among them; with room for a mark behind each title. */
export function fittingCacheColumns(
  view: CacheView,
  users: UserNames,
  width: number,
  kept: CacheColumnId,
): readonly TableColumn<CacheRow>[] {
  const columns = cacheColumns[view].map((column) => ({
    ...column,
    width: column.width === 0 ? 0 : Math.max(column.width, column.title.length + 1),
    text: (row: CacheRow) => column.text(row, users),
  }));
  const others = dispensable.filter((id) => id !== kept);
  return fittingTableColumns(columns, others, width, leastNameWidth(width));
}

/** A figure as it is printed; `-` where there is none. */
export function measureText(unit: 'pages' | 'share', value: number | null): string {
  if (value === null) return '-';
  return unit === 'pages' ? String(value) : percentText(value);
}

const processOf = ({ subject }: CacheRow) =>
  subject.view === 'process' ? subject.process : undefined;

function measured(ids: readonly CacheMeasureId[]): CacheColumn[] {
  return ids.map(columnOf);
}

function columnOf(id: CacheMeasureId): CacheColumn {
  const { of, ...rest } = cacheMeasures[id];
  return {
    ...rest,
    align: 'right',
    value: (row) => of(row.totals),
    text: (row) => measureText(rest.unit, of(row.totals)),
  };
}

function measure(
  id: Exclude<CacheMeasureId, 'ratio' | 'writeRatio' | 'waited'>,
  title: string,
  width: number,
  help: string,
): CacheMeasure {
  return { id, title, unit: 'pages', width, help, isOurs: false, of: (totals) => totals[id] };
}

function ours(...row: Parameters<typeof measure>): CacheMeasure {
  return { ...measure(...row), isOurs: true };
}

function share(
  id: 'ratio' | 'writeRatio' | 'waited',
  title: string,
  width: number,
  help: string,
): CacheMeasure {
  return { id, title, unit: 'share', width, help, isOurs: false, of: (totals) => totals[id] };
}

function name<Id extends CacheColumnId>(
  id: Id,
  title: string,
  width: number,
  help: string,
  value: CacheColumn['value'],
): CacheColumn {
  const text = (row: CacheRow) => String(value(row) ?? '-');
  return { id, title, unit: 'name', width, align: 'left', help, isOurs: false, value, text };
}

function number(
  id: CacheColumnId,
  title: string,
  width: number,
  help: string,
  of: (row: CacheRow) => number | null,
): CacheColumn {
  const text = (row: CacheRow) => measureText('pages', of(row));
  return { id, title, unit: 'pages', width, align: 'right', help, isOurs: true, value: of, text };
}
