import type { LeakReport } from '../domain/leak-report.ts';
import type { Stack } from '../domain/stack.ts';
import type { TraceEvent } from '../sources/source.ts';

/** What a report in a format is to contain. */
export interface Shown {
  /** Each outstanding block under its stack. */
  readonly blocks: boolean;
}

/** What opens the output of a run. */
export interface Opening {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly target:
    | { readonly kind: 'processes'; readonly pids: readonly number[] }
    | { readonly kind: 'command'; readonly argv: readonly string[] }
    | { readonly kind: 'kernel' };
}

/** An output format: pure functions to whole lines, each with its line end. */
export interface Format {
  readonly opening: (opening: Opening) => string;
  /** `stacks`: those of the shown rows with source lines, by their id. */
  readonly report: (report: LeakReport, stacks: ReadonlyMap<string, Stack>, shown: Shown) => string;
  /** `startedAt`: when the session began, milliseconds since the epoch. */
  readonly event: (event: TraceEvent, startedAt: number) => string;
  /** Rows that go over all processes, or one for each. */
  readonly perProcess: boolean;
}
