import { cacheViews, type CacheView } from '../../domain/cache-report.ts';
import { cacheColumns } from '../../view/cache-columns.ts';
import { flag, last, optional } from '../arguments.ts';
import type { Arguments, OptionRow } from '../option.ts';
import { readSchedule } from '../schedule.ts';
import { usage } from '../usage.ts';
import * as values from '../values.ts';
import {
  cacheDefaults as defaults,
  cacheFormatNames,
  cacheModeChoices,
  cacheOptions as rows,
  cacheSortKeys,
} from './options.ts';
import type { CacheConfinement, CacheRequest } from './request.ts';

/** Understands the arguments of `memtrace cache`. Pure. Throws a usage failure. */
export const readCache = (args: Arguments): CacheRequest => {
  const [extra] = [...args.positionals.slice(2), ...(args.rest ?? [])];
  if (extra !== undefined) {
    throw usage(
      `'${extra}' means nothing to cache`,
      'the page cache is watched while the command runs beside it: memtrace cache 1',
    );
  }
  const choice =
    <Choice extends string>(choices: readonly Choice[]) =>
    (row: OptionRow, text: string) =>
      values.choice(row, text, choices);
  const format = optional(args, rows.format, choice(cacheFormatNames), 'text');
  const compat = flag(args, rows.compat);
  if (compat && format === 'json') {
    throw usage('--compat is for text, and --format json was given', 'leave one of the two out');
  }
  const by = optional<CacheView | null>(args, rows.by, choice(cacheViews), null);
  return {
    shown: {
      by,
      sort: readSort(args, by),
      reverse: flag(args, rows.reverse),
      rows: optional(
        args,
        rows.rows,
        (row, text) => values.wholeNumber(row, text, 1),
        format === 'json' ? Number.POSITIVE_INFINITY : defaults.rows,
      ),
      timestamp: flag(args, rows.timestamp),
      compat,
    },
    only: readConfinement(args),
    session: {
      mode: optional(args, rows.mode, choice(cacheModeChoices), 'auto'),
      maxRows: optional(
        args,
        rows.maxRows,
        (row, text) => values.wholeNumber(row, text, 16, 2 ** 24),
        defaults.maxRows,
      ),
    },
    schedule: readSchedule(args, rows.duration, 'cache'),
    format,
    plain: flag(args, rows.plain),
    strict: flag(args, rows.strict),
    explain: flag(args, rows.explain),
  };
};

function readSort(args: Arguments, by: CacheView | null): CacheRequest['shown']['sort'] {
  const wanted = optional(
    args,
    rows.sort,
    (row, text) => values.choice(row, columnOf(text, by), cacheSortKeys),
    defaults.sort,
  );
  if (by === null || cacheColumns[by].some(({ id }) => id === wanted)) return wanted;
  const known = cacheColumns[by].map(({ id }) => id);
  throw usage(
    `there is no column '${wanted}' in the table of --by ${by}`,
    `its columns are ${known.join(', ')}`,
  );
}

/** A column may be called as its title is printed, too. */
function columnOf(text: string, by: CacheView | null): string {
  const isMeant = (name: string) => name.toLowerCase() === text.toLowerCase();
  const columns = by === null ? cacheViews.flatMap((view) => cacheColumns[view]) : cacheColumns[by];
  return columns.find(({ id, title }) => isMeant(id) || isMeant(title))?.id ?? text;
}

function readConfinement(args: Arguments): CacheConfinement {
  const files = args.options.get(rows.file.name) ?? [];
  const cgroup = last(args, rows.cgroup) ?? null;
  if (files.includes(''))
    throw usage('--file needs a path', `for example --file ${rows.file.example}`);
  if (cgroup === '')
    throw usage('--cgroup needs a path', `for example --cgroup ${rows.cgroup.example}`);
  return { pids: values.pids(rows.pid, args.options.get(rows.pid.name) ?? []), files, cgroup };
}
