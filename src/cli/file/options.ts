import { fileSortKeys } from '../../domain/file-report.ts';
import type { OptionRow } from '../option.ts';

const target = 'What is looked at';
const shown = 'What is shown';

export const fileFormatNames = ['text', 'json'] as const;

/** Rows that a terminal gets of directories and processes without --top. */
export const terminalRows = 15;

/** The options of `memtrace file`. */
export const fileOptions = {
  pid: {
    name: 'pid',
    short: 'p',
    value: 'PID',
    example: '4121',
    repeatable: true,
    group: target,
    help: 'all files that this process has open or mapped, also deleted ones and those of its container: repeat it, or give a comma list',
  },
  dereference: {
    name: 'dereference',
    short: 'L',
    group: target,
    help: 'follow symbolic links inside directories, too (those that are named always are)',
  },
  sort: {
    name: 'sort',
    value: 'KEY',
    example: 'size',
    choices: fileSortKeys,
    group: shown,
    help: `${fileSortKeys.join(', ')} (given; cached where directories or processes are searched)`,
  },
  top: {
    name: 'top',
    short: 'T',
    value: 'N',
    example: '20',
    group: shown,
    help: `the first N rows, 0 for all; totals go over all files (0; on a terminal ${terminalRows} of what was searched)`,
  },
  pps: {
    name: 'pps',
    group: shown,
    help: 'per-page status: the ranges of resident pages, counted from 0, and what is dirty in them',
  },
  format: {
    name: 'format',
    value: 'FORMAT',
    example: 'json',
    choices: fileFormatNames,
    group: shown,
    help: 'text, or json: one object a line (text)',
  },
  plain: {
    name: 'plain',
    group: shown,
    help: 'every column, whole names and exact numbers also on a terminal',
  },
  strict: { name: 'strict', group: shown, help: 'exit 1 if any file could not be measured' },
} as const satisfies Record<string, OptionRow>;
