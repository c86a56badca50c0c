import { bytes, milliseconds } from '../domain/units.ts';
import type { Bytes, Milliseconds } from '../domain/units.ts';
import type { OptionRow } from './option.ts';
import { usage } from './usage.ts';

/** Longer than setTimeout can count. */
const longestMs = 20 * 24 * 3600 * 1000;

const asked = (row: OptionRow) =>
  row.short === undefined ? `--${row.name}` : `-${row.short}/--${row.name}`;
const bad = (row: OptionRow, wanted: string, text: string) =>
  usage(
    `${asked(row)} takes ${wanted}, not '${text}'`,
    `for example --${row.name} ${row.example ?? row.value}`,
  );

/** A whole number from least to most. */
export const wholeNumber = (
  row: OptionRow,
  text: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number => {
  const n = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (n >= least && n <= most) return n;
  const range =
    most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw bad(row, `a whole number ${range}`, text);
};

/** Bytes, as a whole number or with k, M or G (powers of 1024). */
export const size = (row: OptionRow, text: string): Bytes => {
  const match = /^(\d+)([kmg]?)(?:i?b)?$/i.exec(text);
  const power = { '': 0, 'k': 1, 'm': 2, 'g': 3 }[match?.[2]?.toLowerCase() ?? ''] ?? 0;
  const n = match ? Number(match[1]) * 1024 ** power : Number.NaN;
  if (Number.isSafeInteger(n)) return bytes(n);
  throw bad(row, 'a number of bytes', text);
};

const unitMs = { 'ms': 1, '': 1000, 's': 1000, 'm': 60_000, 'h': 3_600_000 } as const;

/** A span such as `15`, `15s`, `2m`, `1.5h` or `500ms`; seconds where there is no unit. */
export const duration = (row: OptionRow, text: string): Milliseconds => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|)$/.exec(text);
  const ms = match
    ? Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs])
    : Number.NaN;
  if (ms >= 100 && ms <= longestMs) return milliseconds(ms);
  throw bad(row, 'a time from 0.1 s to 20 days, in seconds or with ms, s, m or h', text);
};

/** The positional INTERVAL, in seconds, of a command such as `leak -p PID`. */
export const interval = (text: string, command: string): Milliseconds => {
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 0.1 && seconds * 1000 <= longestMs)
    return milliseconds(Math.round(seconds * 1000));
  const mayBeCommand = command.startsWith('leak') && !/^[-+]?\.?\d/.test(text);
  throw usage(
    `INTERVAL takes seconds, at least 0.1, not '${text}'`,
    mayBeCommand
      ? `to trace a command: memtrace leak -- ${text}`
      : `for example memtrace ${command} 5`,
  );
};

/** The positional COUNT, of a command such as `leak -p PID`. */
export const count = (text: string, command: string): number => {
  const n = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (n >= 1 && Number.isSafeInteger(n)) return n;
  throw usage(
    `COUNT takes a number of reports, at least 1, not '${text}'`,
    `for example memtrace ${command} 5 12`,
  );
};

/** One of the option's own choices. */
export const choice = <Choice extends string>(
  row: OptionRow,
  text: string,
  choices: readonly Choice[],
): Choice => {
  const found = choices.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw bad(row, `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`, text);
};

const pidsByName = (name: string) => `--pid "$(pgrep -d, -x '${name}')"`;

/** Process ids: comma lists and repetitions, each id once, in the order given. `forName`: what to type for a name. */
export const pids = (
  row: OptionRow,
  texts: readonly string[],
  forName: (name: string) => string = pidsByName,
): number[] => {
  const parts = texts.flatMap((text) => text.split(',')).map((part) => part.trim());
  const ids = parts.map((part) => {
    const id = /^\d+$/.test(part) ? Number(part) : Number.NaN;
    // The kernel's own bound of process ids: PID_MAX_LIMIT.
    if (id >= 1 && id <= 4_194_304) return id;
    if (part !== '' && !/^[-+\d]/.test(part)) {
      throw usage(`-p/--pid takes a process id, not '${part}'`, `for a name: ${forName(part)}`);
    }
    throw bad(row, 'a process id', part);
  });
  return [...new Set(ids)];
};
