import type { CacheFilter } from './cache-filter.ts';
import type { CacheInterval } from './cache-interval.ts';
import { cacheReport, type CacheReport, type CacheRow, type CacheView } from './cache-report.ts';
import type { Notice } from './leak-snapshot.ts';
import { totalsOf } from './page-counts.ts';

export type CacheSpan = CacheInterval['span'];

/** All reports that one snapshot makes; each is made when it is asked for, once. */
export class CacheReading {
  readonly #spans: Readonly<Record<CacheSpan, () => CacheInterval>>;
  readonly #filter: CacheFilter;
  readonly #notices: readonly Notice[];
  readonly #reports = new Map<string, CacheReport>();

  /** `notices`: what is to be said beside what the reports say. */
  constructor(
    spans: Readonly<Record<CacheSpan, () => CacheInterval>>,
    filter: CacheFilter,
    notices: readonly Notice[] = [],
  ) {
    this.#spans = spans;
    this.#filter = filter;
    this.#notices = notices;
  }

  report(view: CacheView, span: CacheSpan): CacheReport {
    const key = `${view} ${span}`;
    const known = this.#reports.get(key);
    if (known !== undefined) return known;
    const made = cacheReport(this.#spans[span](), { view, filter: this.#filter });
    const report = { ...made, notices: [...made.notices, ...this.#notices] };
    this.#reports.set(key, report);
    return report;
  }

  /** The rows of a report; with one of the session, though nothing was counted for it in this time. */
  rows(view: CacheView, span: CacheSpan, kept: string | null): readonly CacheRow[] {
    const { rows } = this.report(view, span);
    if (kept === null || rows.some(({ id }) => id === kept)) return rows;
    const idle = this.report(view, 'session').rows.find(({ id }) => id === kept);
    return idle === undefined ? rows : [...rows, { ...idle, totals: noTotals, apart: noTotals }];
  }
}

const noTotals = totalsOf([]);
