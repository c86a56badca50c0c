import { optional } from '../arguments.ts';
import type { Arguments } from '../option.ts';
import { usage } from '../usage.ts';
import * as values from '../values.ts';
import { cacheDefaults as defaults, cacheFormatNames, cacheOptions as rows } from './options.ts';

/** What `memtrace cache --top` was asked for. */
export interface TopRequest {
  readonly by: 'file' | 'cgroup';
  /** How many of the largest. */
  readonly count: number;
  readonly format: 'text' | 'json';
}

/** More would take more of the kernel's memory than such a list is worth. */
const most = 10_000;

const understood = new Set<string>([
  rows.top.name,
  rows.by.name,
  rows.rows.name,
  rows.format.name,
  rows.plain.name,
]);

/** Understands the arguments of `memtrace cache --top [N]`. Pure. Throws a usage failure. */
export const readTop = (args: Arguments): TopRequest => {
  const idle = [...args.options.keys()].find((name) => !understood.has(name));
  if (idle !== undefined)
    throw usage(
      `--${idle} is for watching the cache, and --top looks at it once`,
      `leave one of the two out: memtrace cache --top`,
    );
  const [count, extra] = [...args.positionals, ...(args.rest ?? [])];
  if (extra !== undefined)
    throw usage(
      `'${extra}' means nothing to cache --top`,
      'give one number: memtrace cache --top 30',
    );
  const number = count ?? args.options.get(rows.rows.name)?.at(-1);
  return {
    by: optional(
      args,
      rows.by,
      (row, text) =>
        values.choice({ ...row, example: 'cgroup' }, text, ['file', 'cgroup'] as const),
      'file',
    ),
    count: number === undefined ? defaults.top : readCount(number),
    format: optional(
      args,
      rows.format,
      (row, text) => values.choice(row, text, cacheFormatNames),
      'text',
    ),
  };
};

function readCount(text: string): number {
  const n = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (n >= 1 && n <= most) return n;
  throw usage(
    `--top takes how many to list, from 1 to ${most}, not '${text}'`,
    'for example memtrace cache --top 30',
  );
}
