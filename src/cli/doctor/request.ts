import type { Arguments } from '../option.ts';
import { usage } from '../usage.ts';
import { choice, pids } from '../values.ts';
import { doctorFormats, doctorOptions as rows } from './options.ts';

/** What `memtrace doctor` was asked for. */
export interface DoctorRequest {
  readonly pids: readonly number[];
  readonly selfTest: boolean;
  readonly format: (typeof doctorFormats)[number];
}

/** Understands the arguments of `memtrace doctor`. Throws a usage failure. */
export const readDoctor = ({ options, positionals, rest }: Arguments): DoctorRequest => {
  const [extra] = [...positionals, ...(rest ?? [])];
  if (extra !== undefined) {
    throw usage(`'${extra}' means nothing to doctor`, `for a process: memtrace doctor -p PID`);
  }
  const format = options.get(rows.format.name)?.at(-1);
  return {
    pids: pids(rows.pid, options.get(rows.pid.name) ?? []),
    selfTest: options.has(rows.selftest.name),
    format: format === undefined ? 'text' : choice(rows.format, format, doctorFormats),
  };
};
