import type { FileReport } from '../../domain/file-report.ts';

/** What a report of files says beside the files. */
export interface FileOpening {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Bytes. */
  readonly pageSize: number;
  readonly skippedLinks: number;
  readonly skippedSpecial: number;
  readonly vanished: number;
  /** The run was stopped before everything was looked at. */
  readonly incomplete: boolean;
}

export interface FileLayout {
  /** Columns of the terminal; null where there is none: everything is shown, exactly. */
  readonly width: number | null;
  readonly unicode: boolean;
}

/** An output format of `memtrace file`: a pure function to whole lines. */
export type FileFormat = (report: FileReport, opening: FileOpening, layout: FileLayout) => string;
