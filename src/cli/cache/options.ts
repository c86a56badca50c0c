import { cacheModes } from '../../domain/cache-snapshot.ts';
import { cacheViews } from '../../domain/cache-report.ts';
import { cacheFormats } from '../../formats/cache/index.ts';
import { cacheColumns } from '../../view/cache-columns.ts';
import type { OptionRow } from '../option.ts';
import { runOptions } from '../run-options.ts';

const shown = 'What is shown';
const seen = 'What is looked at';
const limits = 'Limits and attaching';

/** Defaults that the parser applies and the help names. */
export const cacheDefaults = {
  intervalSeconds: 1,
  rows: 40,
  top: 20,
  sort: 'hits',
  maxRows: 65_536,
} as const;

export const cacheSortKeys = [
  ...new Set(cacheViews.flatMap((view) => cacheColumns[view].map(({ id }) => id))),
];
export const cacheFormatNames = Object.keys(cacheFormats) as (keyof typeof cacheFormats)[];
export const cacheModeChoices = ['auto', ...cacheModes] as const;

/** The options of `memtrace cache`. */
export const cacheOptions = {
  by: {
    name: 'by',
    value: 'VIEW',
    example: 'process',
    choices: cacheViews,
    group: shown,
    help: 'a table of processes, files or control groups; else one line for the whole system',
  },
  sort: {
    name: 'sort',
    value: 'COLUMN',
    example: 'misses',
    choices: cacheSortKeys,
    group: shown,
    help: `largest first (${cacheDefaults.sort})`,
  },
  reverse: { name: 'reverse', short: 'r', group: shown, help: 'smallest first' },
  rows: {
    name: 'rows',
    value: 'N',
    example: '20',
    group: shown,
    help: `at most N rows of a table (${cacheDefaults.rows} in text, all in json)`,
  },
  timestamp: {
    name: 'timestamp',
    short: 'T',
    group: shown,
    help: 'the time before each line of the whole system',
  },
  compat: {
    name: 'compat',
    group: shown,
    help: 'only the columns of cachestat and cachetop, and no lines that begin with #, but of losses',
  },
  top: {
    name: 'top',
    group: shown,
    help: `what is in the page cache now, and end: the N largest files (${cacheDefaults.top}), or with --by cgroup the groups; memtrace cache --top [N]`,
  },
  explain: {
    name: 'explain',
    group: shown,
    help: 'what each figure means, and what each mode cannot see; traces nothing',
  },

  pid: {
    name: 'pid',
    short: 'p',
    value: 'PID',
    example: '4121',
    repeatable: true,
    group: seen,
    help: 'only what these processes do: repeat it, or give a comma list',
  },
  file: {
    name: 'file',
    value: 'PATH',
    example: '/var/lib/mysql',
    repeatable: true,
    group: seen,
    help: 'only these files, and all below these directories; as their processes see them, or as the host does',
  },
  cgroup: {
    name: 'cgroup',
    value: 'PATH',
    example: '/system.slice',
    group: seen,
    help: 'only this control group and those below it',
  },

  ...runOptions(cacheFormatNames),

  mode: {
    name: 'mode',
    value: 'MODE',
    example: 'btf-tracepoint',
    choices: cacheModeChoices,
    group: limits,
    help: 'how the cache is watched: the first of these that works here, or the one given (auto)',
  },
  maxRows: {
    name: 'max-rows',
    value: 'N',
    example: '262144',
    group: limits,
    help: `combinations of process, file, control group and CPU counted apart at once (${cacheDefaults.maxRows})`,
  },
} as const satisfies Record<string, OptionRow>;
