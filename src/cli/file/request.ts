import { fileSortKeys, type FileSortKey } from '../../domain/file-report.ts';
import type { FileRequest } from '../../sources/live/files/collect.ts';
import { flag, optional } from '../arguments.ts';
import type { Arguments } from '../option.ts';
import { usage } from '../usage.ts';
import * as values from '../values.ts';
import { fileFormatNames, fileOptions as rows } from './options.ts';

/** What `memtrace file` was asked for; its paths as words, whose bytes are not known yet. */
export interface FileCommandRequest extends Omit<FileRequest, 'paths'> {
  readonly paths: readonly string[];
  /** Null: what fits to what is looked at. */
  readonly sort: FileSortKey | null;
  /** Rows at most, Infinity for all; null: what fits to where it is shown. */
  readonly top: number | null;
  readonly format: (typeof fileFormatNames)[number];
  readonly plain: boolean;
  readonly strict: boolean;
}

/** Understands the arguments of `memtrace file`. Pure. Throws a usage failure. */
export function readFileCommand(args: Arguments): FileCommandRequest {
  const paths = [...args.positionals, ...(args.rest ?? [])];
  const pids = values.pids(rows.pid, args.options.get(rows.pid.name) ?? []);
  if (paths.length === 0 && pids.length === 0) {
    throw usage('there is no file to look at', 'for example memtrace file /var/lib, or -p PID');
  }
  if (paths.includes('')) throw usage('a path is empty', 'for the current directory: .');
  return {
    paths,
    pids,
    followLinks: flag(args, rows.dereference),
    ranges: flag(args, rows.pps),
    sort: optional<FileSortKey | null>(
      args,
      rows.sort,
      (row, text) => values.choice(row, text, fileSortKeys),
      null,
    ),
    top: optional<number | null>(
      args,
      rows.top,
      (row, text) => values.wholeNumber(row, text, 0) || Number.POSITIVE_INFINITY,
      null,
    ),
    format: optional(
      args,
      rows.format,
      (row, text) => values.choice(row, text, fileFormatNames),
      'text' as const,
    ),
    plain: flag(args, rows.plain),
    strict: flag(args, rows.strict),
  };
}
