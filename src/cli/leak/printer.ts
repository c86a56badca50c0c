import type { LeakSnapshot } from '../../domain/leak-snapshot.ts';
import type { LeakSessionRequest, SessionPlan } from '../../sources/live/request.ts';
import type { LeakSource, TraceEvent } from '../../sources/source.ts';

/** What a run of `memtrace leak` says in one output format: whole lines, each with its line end. */
export interface LeakPrinter {
  /** Before anything else. */
  readonly opening: (request: LeakSessionRequest) => string;
  /** One report. Reports are given in order: growth is the difference from the one before. */
  readonly report: (
    snapshot: LeakSnapshot,
    source: Pick<LeakSource, 'withLines'>,
  ) => Promise<string>;
  readonly events: (events: readonly TraceEvent[]) => string;
  /** Instead of all those, for --dry-run. */
  readonly plan: (plan: SessionPlan, request: LeakSessionRequest) => string;
}
