import type { TriageReport } from '../../domain/triage/report.ts';

/** What a report is written for. */
export interface TriageLayout {
  /** Characters in a line, and lines of one screenful. */
  readonly width: number;
  readonly height: number;
  /** Whether the reader is root: what is proposed needs no sudo then. */
  readonly isRoot: boolean;
  readonly unicode: boolean;
}

/** An output format of `memtrace triage`: whole lines. */
export type TriageFormat = (report: TriageReport, layout: TriageLayout) => string;

export type TriageFormatName = 'text' | 'json';
