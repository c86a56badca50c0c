import type { CacheReport, CacheView } from '../../domain/cache-report.ts';
import type { CacheSnapshot } from '../../domain/cache-snapshot.ts';
import type { Milliseconds } from '../../domain/units.ts';
import type { CacheColumnId, UserNames } from '../../view/cache-columns.ts';

/** What of a report is shown, and how. */
export interface CacheShown {
  /** A table; null: one line for all together. */
  readonly by: CacheView | null;
  readonly sort: CacheColumnId;
  readonly reverse: boolean;
  /** Rows of a table, at most; Infinity. */
  readonly rows: number;
  readonly timestamp: boolean;
  /** Only what cachestat and cachetop have. */
  readonly compat: boolean;
  readonly users: UserNames;
}

/** What opens the output of a run. */
export interface CacheOpening {
  readonly snapshot: CacheSnapshot;
  readonly interval: Milliseconds;
  /** What reports are confined to, in words; null: nothing. */
  readonly only: string | null;
}

/** An output format of one run: pure functions to whole lines, each with its line end; called in the order of time. */
export interface CacheFormat {
  readonly opening: (opening: CacheOpening) => string;
  readonly report: (report: CacheReport) => string;
  /** The whole session. `ending`: whether the reports asked for were given, or the run was ended before. */
  readonly last: (report: CacheReport, ending: 'all-reports' | 'ended') => string;
}

export type CacheFormatName = 'text' | 'json';
