import { leakOf } from '../domain/triage/next.ts';
import type { ProcessRow, TriageReport } from '../domain/triage/report.ts';
import type { NextCommand, Verdict } from '../domain/triage/verdict.ts';
import { tableLines } from './table.ts';
import { growthText, rateCell, sizeCell } from './triage-cells.ts';
import { commandText, figuresText, severityWords } from './triage-lines.ts';
import { triageSegmentColumns } from './triage-process-columns.ts';
import { countText } from './units.ts';
import { wrapped } from './wrapped.ts';

/** One line of the screen: something that is wrong or right, or a process. */
export type TriageRow =
  | { readonly kind: 'verdict'; readonly id: string; readonly verdict: Verdict }
  | { readonly kind: 'process'; readonly id: string; readonly process: ProcessRow };

/** What is proposed for a row. */
export const nextOf = (row: TriageRow): NextCommand | null =>
  row.kind === 'verdict' ? row.verdict.next : leakOf(row.process.of.pid);

interface Paper {
  /** Characters in a line. */
  readonly width: number;
  /** Whether who reads it is root. */
  readonly isRoot: boolean;
}

/** A row in at most `height` lines: what it rests on, and in the last one what to run next. */
export function triageSummary(row: TriageRow, height: number, paper: Paper): string[] {
  const next = nextOf(row);
  const texts =
    row.kind === 'verdict'
      ? [
          row.verdict.sentence,
          `because: ${figuresText(row.verdict)}`,
          `unless: ${row.verdict.refutedBy}`,
        ]
      : processTexts(row.process);
  const lines = texts.flatMap((text) => wrapped(text, paper.width)).slice(0, height - 1);
  while (lines.length < height - 1) lines.push('');
  const does = next === null ? '' : `   # ${next.does}`;
  return [
    ...lines,
    next === null ? 'next: nothing to run' : `next: ${commandText(next, paper.isRoot)}${does}`,
  ];
}

/** All that is to be said of a row. */
export function triageRowPage(row: TriageRow, report: TriageReport, paper: Paper): string[] {
  const next = nextOf(row);
  const proposal =
    next === null
      ? []
      : ['', 'Next (Enter runs it)', `  ${commandText(next, paper.isRoot)}   # ${next.does}`];
  return row.kind === 'verdict'
    ? verdictPage(row.verdict, proposal, paper)
    : processPage(row.process, report, proposal, paper);
}

function verdictPage(verdict: Verdict, proposal: readonly string[], { width }: Paper): string[] {
  const { severity, title, sentence, figures, refutedBy, mechanism } = verdict;
  return [
    `${severityWords[severity]}: ${title}`,
    ...indented(sentence, width),
    ...proposal,
    '',
    'Because',
    ...figures.map(({ name, text }) => `  ${text.padStart(14)}  ${name}`),
    '',
    'What would show that it is not so',
    ...indented(refutedBy, width),
    '',
    'How it comes about',
    ...indented(mechanism.text, width),
    ...indented(`Kernel: ${mechanism.source}`, width),
  ];
}

function processPage(
  row: ProcessRow,
  report: TriageReport,
  proposal: readonly string[],
  { width }: Paper,
): string[] {
  const { of } = row;
  const about = report.verdicts.filter(
    ({ subject }) => subject.kind === 'process' && subject.id === of.id,
  );
  const segments = report.segments.find(({ of: { pid } }) => pid === of.pid);
  return [
    `${of.command}[${of.pid}]`,
    ...processTexts(row).flatMap((text) => indented(text, width)),
    ...about.flatMap(({ severity, title, sentence }) => [
      '',
      `${severityWords[severity]}: ${title}`,
      ...indented(sentence, width),
    ]),
    ...proposal,
    '',
    ...(segments === undefined
      ? indented(`what its memory is for, heap, stacks, files: memtrace triage -p ${of.pid}`, width)
      : [
          'What its memory is for',
          ...indentedLines(
            tableLines(
              triageSegmentColumns,
              segments.rows.filter(({ of: { virtual } }) => virtual > 0),
              width - indent.length,
            ),
          ),
          '',
          'Largest mappings',
          ...indentedLines(
            segments.of.largest.map(
              ({ name, kind, resident, anonymous }) =>
                `${sizeCell(resident).padStart(7)} resident, ${sizeCell(anonymous)} of it of no file  ${name} (${kind})`,
            ),
          ),
        ]),
  ];
}

function processTexts({ of, growth, virtualGrowth }: ProcessRow): string[] {
  const { detail } = of;
  const parts = [
    `own memory ${sizeCell(of.anonymous)} (${growthText(growth)}/min)`,
    `resident ${sizeCell(of.resident)}, of it shared or of files ${sizeCell(of.shared)}`,
    `mapped ${sizeCell(of.virtual)} (${growthText(virtualGrowth)}/min)`,
  ];
  if (detail === null) return [`${parts.join('; ')}.`];
  return [
    `${[...parts, `in swap ${sizeCell(detail.swap)}`].join('; ')}.`,
    `${[
      `${countText(detail.threads)} thread${detail.threads === 1 ? '' : 's'}`,
      `major faults ${rateCell(detail.majorFaultRate)}/s`,
      `OOM score ${detail.oomScore ?? '-'}${detail.oomScoreAdj === null || detail.oomScoreAdj === 0 ? '' : ` (adjusted by ${detail.oomScoreAdj})`}`,
      `control group ${detail.cgroup ?? '-'}`,
    ].join('; ')}.`,
  ];
}

const indent = '  ';
const indentedLines = (lines: readonly string[]): string[] => lines.map((line) => indent + line);
const indented = (text: string, width: number): string[] =>
  indentedLines(wrapped(text, width - indent.length));
