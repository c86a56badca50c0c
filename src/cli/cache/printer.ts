import type { CacheInterval } from '../../domain/cache-interval.ts';
import { cacheReport } from '../../domain/cache-report.ts';
import { cacheFormats } from '../../formats/cache/index.ts';
import type { CacheSnapshot } from '../../domain/cache-snapshot.ts';
import type { Milliseconds } from '../../domain/units.ts';
import type { UserNames } from '../../view/cache-columns.ts';
import type { ResolvedFilter } from './filter.ts';
import type { CacheRequest } from './request.ts';

/** What a run of `memtrace cache` says in one output format: whole lines, each with its line end. */
export interface CachePrinter {
  /** Before anything else. */
  readonly opening: (snapshot: CacheSnapshot, interval: Milliseconds) => string;
  readonly report: (interval: CacheInterval) => string;
  /** After the reports: the session as a whole. */
  readonly last: (session: CacheInterval, ending: 'all-reports' | 'ended') => string;
}

/** The printer of a request. */
export function formatPrinter(
  request: CacheRequest,
  { filter, text, notices }: ResolvedFilter,
  users: UserNames,
): CachePrinter {
  const format = cacheFormats[request.format]({ ...request.shown, users });
  const reportOf = (interval: CacheInterval) => {
    const report = cacheReport(interval, { view: request.shown.by ?? 'process', filter });
    return { ...report, notices: [...report.notices, ...notices] };
  };
  return {
    opening: (snapshot, interval) => format.opening({ snapshot, interval, only: text }),
    report: (interval) => format.report(reportOf(interval)),
    last: (session, ending) => format.last(reportOf(session), ending),
  };
}
