import { type CacheReport, kindsApart } from '../../domain/cache-report.ts';
import type { CacheTotals } from '../../domain/page-counts.ts';
import { type Milliseconds, milliseconds } from '../../domain/units.ts';
import { evictionRemarks, lossRemarks, totalsText } from '../../view/cache-remarks.ts';
import { durationText } from '../../view/units.ts';

const mostCells = 10;
/** Evictions are those of the last seconds: they are said once in that time. */
const evictionsEvery = milliseconds(5000);

/** The lines below reports: those that were said already are not said again. */
export class RemarkWriter {
  #saidEvictionsAt: Milliseconds = milliseconds(-Infinity);
  #said = '';

  /** Above a table: the mode, and what it cannot see, in words for scripts. */
  modeLine({ snapshot }: CacheReport): string {
    const blind = snapshot.blindSpots.map(({ code }) => code).join(', ');
    return `mode ${snapshot.mode}${blind === '' ? '' : `; cannot see: ${blind}`}`;
  }

  afterReport(report: CacheReport, hiddenRows: number): string[] {
    const news = [...report.notices.map(({ text }) => text), ...lossRemarks(report)];
    const isSaid = news.join('\n') === this.#said;
    this.#said = news.join('\n');
    return [
      ...(hiddenRows === 0 ? [] : [`${hiddenRows} more rows are not shown (--rows)`]),
      ...(isSaid ? [] : news),
      ...this.#evictions(report),
    ];
  }

  #evictions(report: CacheReport): string[] {
    const { elapsed } = report.snapshot;
    if (elapsed - this.#saidEvictionsAt < evictionsEvery) return [];
    const lines = evictionRemarks(report);
    if (lines.length > 0) this.#saidEvictionsAt = elapsed;
    return lines;
  }
}

/** The whole session, in words. */
export function sessionRemarks(report: CacheReport): string[] {
  const cells = report
    .uses()
    .filter(({ totals }) => (totals.accesses ?? 0) + (totals.writes ?? 0) > 0)
    .sort((a, b) => use(b.totals) - use(a.totals));
  return [
    `in ${durationText(report.length)} since the session began: ${totalsText(report.system)}`,
    ...kindsApart
      .filter((kind) => use(report.apart[kind]) > 0)
      .map((kind) => `apart, ${kind}: ${totalsText(report.apart[kind])}`),
    ...report.notices.map(({ text }) => text),
    ...lossRemarks(report),
    ...evictionRemarks(report),
    ...(cells.length === 0 ? [] : ['most used:']),
    ...cells
      .slice(0, mostCells)
      .map(
        ({ process, file, totals }) =>
          `  ${process.command}[${process.pid}] ${file.path}: ${totalsText(totals)}`,
      ),
    ...(cells.length > mostCells ? [`  and ${cells.length - mostCells} more`] : []),
  ];
}

const use = ({ accesses, writes }: CacheTotals): number => (accesses ?? 0) + (writes ?? 0);
