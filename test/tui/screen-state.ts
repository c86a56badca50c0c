import { History } from '../../src/domain/history.ts';
import { leakReport, type LeakReport } from '../../src/domain/leak-report.ts';
import { milliseconds } from '../../src/domain/units.ts';
import { initialState, type Message, reduce, type State } from '../../src/tui/state.ts';
import { heapFromText } from '../support/heap-from-text.ts';

/** A report of a drawing (test/support/heap-from-text.ts), all rows, by size. */
export const reportOf = (drawing: string): LeakReport =>
  leakReport(heapFromText(drawing), new History(), {
    top: Infinity,
    sort: 'size',
    olderThan: milliseconds(0),
    perProcess: false,
  });

export const resized = (height: number): Message => ({ type: 'resized', height });

/** A screen of ten rows, once a second, with its first report. */
export const stateOf = (report: LeakReport): State =>
  [resized(10), { type: 'reported', report } satisfies Message].reduce(
    reduce,
    initialState(1000, 1),
  );
