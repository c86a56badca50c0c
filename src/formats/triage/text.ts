import type { MappingUse } from '../../domain/triage/process-use.ts';
import type { TriageReport } from '../../domain/triage/report.ts';
import type { Verdict } from '../../domain/triage/verdict.ts';
import { printable } from '../../view/printable.ts';
import { fittingTableColumns, shortened, tableLines } from '../../view/table.ts';
import { triageCgroupColumns, triageSlabColumns } from '../../view/triage-columns.ts';
import {
  dispensableProcessColumns,
  triageProcessColumns,
  triageSegmentColumns,
} from '../../view/triage-process-columns.ts';
import {
  commandText,
  compositionText,
  figuresText,
  freeLines,
  movementText,
  severityWords,
  triageTitle,
  unseenLines,
} from '../../view/triage-lines.ts';
import { bytesText, clockText } from '../../view/units.ts';
import { wrapped } from '../../view/wrapped.ts';
import type { TriageFormat, TriageLayout } from './format.ts';

const fewestRows = 3;
const mostRows = 10;
const tallEnoughForTables = 34;

/** The verdicts first, then what they rest on: one screenful. The same facts give the same lines. */
export const triageText: TriageFormat = (report, layout) => {
  const { width, height } = layout;
  const foot = unseenLines(report.latest.unseen).flatMap((line) => wrapped(line, width));
  const middle = [
    ...freeLines(report),
    ...wrapped(compositionText(report), width),
    ...wrapped(movementText(report), width),
    ...segmentLines(report, layout),
  ];
  const more = height < tallEnoughForTables ? [] : moreTables(report, layout);
  // The title, two blank lines, and the titles of the table.
  const room = height - middle.length - more.length - foot.length - 4;
  const verdicts =
    [4, 3, 2, 1]
      .map((others) => verdictLines(report.verdicts, layout, others))
      .find(({ length }) => length + fewestRows <= room) ??
    verdictLines(report.verdicts, layout, 1);
  const rows = Math.max(fewestRows, Math.min(mostRows, room - verdicts.length));
  const lines = [
    `memtrace triage  ${triageTitle(report)}  ${clockText(report.latest.takenAt)}`,
    ...verdicts,
    '',
    ...middle,
    '',
    ...processLines(report, layout, rows),
    ...more,
    ...foot,
  ];
  return lines.map((line) => `${printable(line).trimEnd()}\n`).join('');
};

function verdictLines(
  verdicts: readonly Verdict[],
  layout: TriageLayout,
  mostOthers: number,
): readonly string[] {
  const [first, ...others] = verdicts;
  if (first === undefined) return ['UNKNOWN: too little of /proc could be read for a verdict.'];
  const hidden = others.length - mostOthers;
  return [
    ...headline(first, layout),
    ...indented('because', figuresText(first), layout),
    ...indented('unless', first.refutedBy, layout),
    ...(first.next === null ? [] : nextLines(first.next, layout)),
    ...others.slice(0, mostOthers).map((other) => otherLine(other, layout)),
    ...(hidden > 0 ? [`${hidden} more: --format json has them all`] : []),
  ];
}

const headline = (verdict: Verdict, { width }: TriageLayout): readonly string[] =>
  wrapped(`${severityWords[verdict.severity]}: ${verdict.title}. ${verdict.sentence}`, width);

function nextLines(next: NonNullable<Verdict['next']>, layout: TriageLayout): readonly string[] {
  const command = commandText(next, layout.isRoot);
  return [shortenedEnd(`  next     ${command}   # ${next.does}`, layout.width)];
}

function indented(word: string, text: string, { width }: TriageLayout): readonly string[] {
  const room = width - margin;
  return wrapped(text, room).map(
    (line, i) => `${(i === 0 ? `  ${word}` : '').padEnd(margin)}${line}`,
  );
}

const margin = 11;

function otherLine(verdict: Verdict, layout: TriageLayout): string {
  const next = verdict.next === null ? '' : ` -> ${commandText(verdict.next, layout.isRoot)}`;
  const start = `${severityWords[verdict.severity].toLowerCase()}: `;
  const room = layout.width - start.length - next.length;
  return room < 40
    ? shortenedEnd(`${start}${verdict.sentence}`, layout.width)
    : `${start}${shortenedEnd(verdict.sentence, room)}${next}`;
}

const shortenedEnd = (text: string, width: number): string => shortened(text, width, 'end', '..');

function processLines(report: TriageReport, { width }: TriageLayout, rows: number) {
  const columns = fittingTableColumns(triageProcessColumns, dispensableProcessColumns, width);
  return tableLines(columns, report.processes.slice(0, rows), width, '..');
}

function segmentLines(report: TriageReport, { width, height }: TriageLayout): readonly string[] {
  return report.segments.flatMap(({ of, rows }) => {
    const command = report.latest.processes.find(({ pid }) => pid === of.pid)?.command ?? '';
    const shown = rows.filter(({ of: { virtual } }) => virtual > 0);
    return [
      '',
      `${command}[${of.pid}]`,
      ...tableLines(triageSegmentColumns, shown, width, '..'),
      ...(height < tallEnoughForTables ? [] : largestLines(of.largest, width)),
    ];
  });
}

const mostMappings = 5;

/** pmap's view: what holds most, by name. */
const largestLines = (largest: readonly MappingUse[], width: number): readonly string[] =>
  largest
    .slice(0, mostMappings)
    .map(({ resident, name }) =>
      shortenedEnd(`${''.padEnd(8)} ${bytesText(resident).padStart(7)} ${name}`, width),
    );

function moreTables(report: TriageReport, { width }: TriageLayout): readonly string[] {
  const limited = report.cgroups.filter(({ of }) => of.limit !== null);
  return [
    ...(report.slabs.length === 0
      ? []
      : ['', ...tableLines(triageSlabColumns, report.slabs.slice(0, 3), width, '..')]),
    ...(limited.length === 0
      ? []
      : ['', ...tableLines(triageCgroupColumns, limited.slice(0, 3), width, '..')]),
    '',
  ];
}
