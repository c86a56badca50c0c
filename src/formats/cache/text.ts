import type { CacheReport, CacheRow } from '../../domain/cache-report.ts';
import type { CacheMemory } from '../../domain/cache-snapshot.ts';
import {
  cacheColumns,
  type CacheColumn,
  type CacheMeasure,
  cacheMeasures,
  measureText,
  sortedRows,
} from '../../view/cache-columns.ts';
import { lossRemarks, modeRemarks } from '../../view/cache-remarks.ts';
import { printable } from '../../view/printable.ts';
import { clockText } from '../../view/units.ts';
import type { CacheFormat, CacheShown } from './format.ts';
import { RemarkWriter, sessionRemarks } from './text-remarks.ts';

/** cachestat's lines, or cachetop's tables; what is ours stands in columns behind theirs, or on lines that begin with `#`. */
export function cacheText(shown: CacheShown): CacheFormat {
  const remarks = new RemarkWriter();
  const remarkLines = (texts: readonly string[]) => texts.map((text) => `# ${text}`);
  const reportLines = (report: CacheReport) =>
    shown.by === null ? [systemLine(report, shown)] : tableLines(report, shown);
  return {
    opening: ({ snapshot, only }) =>
      joined([
        ...(shown.compat ? [] : remarkLines(modeRemarks(snapshot, only))),
        ...(shown.by === null ? [systemHeader(shown)] : []),
      ]),
    report: (report) =>
      joined([
        ...(shown.by === null || shown.compat ? [] : remarkLines([remarks.modeLine(report)])),
        ...reportLines(report),
        ...remarkLines(
          shown.compat
            ? lossRemarks(report)
            : remarks.afterReport(report, hiddenRows(report, shown)),
        ),
      ]),
    last: (report, ending) => {
      if (shown.compat) return joined(remarkLines(lossRemarks(report)));
      const table = ending === 'ended' && shown.by !== null ? tableLines(report, shown) : [];
      return joined([...remarkLines(sessionRemarks(report)), ...table]);
    },
  };
}

const joined = (lines: readonly string[]): string =>
  lines.map((line) => `${printable(line).trimEnd()}\n`).join('');

const systemMeasures = (['hits', 'misses', 'dirtied', 'ratio'] as const).map(
  (id) => cacheMeasures[id],
);
const ourMeasures = Object.values(cacheMeasures).filter(({ isOurs }) => isOurs);
const memoryColumns = [
  { title: 'BUFFERS_MB', width: 12, of: ({ buffers }: CacheMemory) => buffers },
  { title: 'CACHED_MB', width: 10, of: ({ cached }: CacheMemory) => cached },
] as const;

const inMebibytes = (size: number): string => (size / 2 ** 20).toFixed(0);
const apartTitle = 'APART';
const timeWidth = 8;

function systemHeader({ timestamp, compat }: CacheShown): string {
  const title = ({ title: text, width }: { title: string; width: number }) => text.padStart(width);
  return [
    ...(timestamp ? ['TIME'.padEnd(timeWidth)] : []),
    ...systemMeasures.map(title),
    ...memoryColumns.map(title),
    ...(compat ? [] : [...ourMeasures.map(title), apartTitle.padStart(timeWidth)]),
  ].join(' ');
}

function systemLine(report: CacheReport, { timestamp, compat }: CacheShown): string {
  const { system, snapshot } = report;
  const figure = ({ unit, width, of }: CacheMeasure) =>
    measureText(unit, of(system)).padStart(width);
  const apart = Object.values(report.apart).reduce(
    (sum, { accesses, writes }) => sum + (accesses ?? 0) + (writes ?? 0),
    0,
  );
  return [
    ...(timestamp ? [clockText(snapshot.takenAt)] : []),
    ...systemMeasures.map(figure),
    ...memoryColumns.map(({ width, of }) => inMebibytes(of(snapshot.memory)).padStart(width)),
    ...(compat ? [] : [...ourMeasures.map(figure), String(apart).padStart(timeWidth)]),
  ].join(' ');
}

/** Rows that are in the report and not in its table. */
const hiddenRows = (report: CacheReport, { by, rows }: CacheShown): number =>
  by === null ? 0 : Math.max(0, report.rows.length - rows);

function tableLines(report: CacheReport, shown: CacheShown): string[] {
  const { takenAt, memory } = report.snapshot;
  const columns = cacheColumns[report.view].filter(({ isOurs }) => !shown.compat || !isOurs);
  const sort = cacheColumns[report.view].find(({ id }) => id === shown.sort) ?? columns[0];
  const order = (sort?.unit === 'name') === shown.reverse ? 'descending' : 'ascending';
  const rows = sort === undefined ? report.rows : sortedRows(report.rows, sort, shown.reverse);
  return [
    `${clockText(takenAt)} Buffers MB: ${inMebibytes(memory.buffers)} / Cached MB: ${inMebibytes(memory.cached)}` +
      ` / Sort: ${sort?.title ?? '-'} / Order: ${order}`,
    // cachetop's titles are all on the left of their columns.
    columns.map(({ title, width }) => title.padEnd(width)).join(' '),
    ...rows.slice(0, shown.rows).map((row) => rowLine(row, columns, shown)),
  ];
}

const rowLine = (row: CacheRow, columns: readonly CacheColumn[], { users }: CacheShown): string =>
  columns
    .map(({ align, width, text }) => {
      const cell = text(row, users);
      return align === 'left' ? cell.padEnd(width) : cell.padStart(width);
    })
    .join(' ');
