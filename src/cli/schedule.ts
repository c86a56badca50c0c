import { type Milliseconds, milliseconds } from '../domain/units.ts';
import { optional } from './arguments.ts';
import type { Arguments, OptionRow } from './option.ts';
import * as values from './values.ts';

/** When reports are made, and for how long. */
export interface Schedule {
  /** Null: the default of the output that is chosen. */
  readonly interval: Milliseconds | null;
  /** Reports until the run ends; Infinity. */
  readonly count: number;
  /** Infinity: until something else ends it. */
  readonly duration: Milliseconds;
}

/** INTERVAL, COUNT and --duration of a command such as `leak -p PID`. Throws a usage failure. */
export const readSchedule = (args: Arguments, duration: OptionRow, command: string): Schedule => {
  const [interval, count] = args.positionals;
  return {
    interval: interval === undefined ? null : values.interval(interval, command),
    count: count === undefined ? Number.POSITIVE_INFINITY : values.count(count, command),
    duration: optional(args, duration, values.duration, milliseconds(Number.POSITIVE_INFINITY)),
  };
};
