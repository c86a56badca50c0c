import type { LeakReport } from '../../domain/leak-report.ts';
import { compareRows, type ReportRow, type SortKey } from '../../domain/report-row.ts';
import type { Stack } from '../../domain/stack.ts';
import { reduceScreen } from '../reduce.ts';
import {
  initialScreen,
  type Ranking,
  type ScreenMessage,
  type ScreenState,
} from '../screen-state.ts';

/** All that the screen of `memtrace leak` shows: a row is a site, and opened it is its stack. */
export interface LeakState extends ScreenState<LeakReport, ReportRow, SortKey, 'mappings'> {
  /** The open stack with source lines, once they were read. */
  readonly opened: Stack | null;
}

export type LeakMessage =
  | ScreenMessage<LeakState>
  | { readonly type: 'lined'; readonly stack: Stack };

export const sortKeys: readonly SortKey[] = ['size', 'count', 'growth', 'age'];

export const leakRanking: Ranking<LeakState> = {
  sorted: ({ report, sort, reversed }) => {
    const rows = (report?.rows ?? []).toSorted(compareRows[sort]);
    return reversed ? rows.toReversed() : rows;
  },
  keyOf: (row) => row.key,
  textOf: ({ stack }) =>
    stack.frames.map(({ symbol, module }) => `${symbol ?? ''} ${module ?? ''}`).join('\n'),
  sortKeys: () => sortKeys,
};

export const initialLeakState = (intervalMs: number, sort: SortKey = 'size'): LeakState => ({
  ...initialScreen(intervalMs, sort),
  opened: null,
});

/** The next state; pure. */
export function reduceLeak(state: LeakState, message: LeakMessage): LeakState {
  if (message.type === 'lined') return { ...state, opened: message.stack };
  const next = reduceScreen(state, message, leakRanking);
  return message.type === 'opened' && next !== state ? { ...next, opened: null } : next;
}
