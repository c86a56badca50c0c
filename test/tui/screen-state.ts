import { History } from '../../src/domain/history.ts';
import { leakReport, type LeakReport } from '../../src/domain/leak-report.ts';
import { milliseconds } from '../../src/domain/units.ts';
import {
  initialLeakState,
  type LeakMessage,
  type LeakState,
  reduceLeak,
} from '../../src/tui/leak/state.ts';
import { heapFromText } from '../support/heap-from-text.ts';

/** A report of a drawing (test/support/heap-from-text.ts), all rows, by size. */
export const reportOf = (drawing: string): LeakReport =>
  leakReport(heapFromText(drawing), new History(), {
    top: Infinity,
    sort: 'size',
    olderThan: milliseconds(0),
    perProcess: false,
  });

export const resized = (height: number) => ({ type: 'resized', height, columns: 80 }) as const;

/** A screen of ten rows, once a second, with its first report. */
export const stateOf = (report: LeakReport): LeakState =>
  [resized(10), { type: 'reported', report } satisfies LeakMessage].reduce(
    reduceLeak,
    initialLeakState(1000),
  );
