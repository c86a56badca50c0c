import { type CacheReport, kindsApart } from '../../domain/cache-report.ts';
import { cacheLossReasons, type CacheSnapshot } from '../../domain/cache-snapshot.ts';
import type { CacheTotals } from '../../domain/page-counts.ts';
import { bytes, type Milliseconds, milliseconds } from '../../domain/units.ts';
import { evictionText } from '../../view/eviction-text.ts';
import { binaryText, bytesText, countText, durationText, percentText } from '../../view/units.ts';

const mostEvictions = 5;
const leastEviction = 2 ** 20;
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

/** What opens the output: the mode and what it cannot see, what is confined. */
export function modeRemarks(snapshot: CacheSnapshot, only: string | null): string[] {
  const refused = snapshot.refusedModes.map(({ mode, why }) => `${mode}: ${why}`);
  return [
    `memtrace cache, mode ${snapshot.mode}${refused.length === 0 ? '' : ` (not ${refused.join('; not ')})`}, kernel memory ${bytesText(snapshot.kernelMemory)}`,
    ...snapshot.blindSpots.map(({ code, text }) => `cannot see: ${text} (${code})`),
    ...(only === null ? [] : [`only ${only}: all figures are of that`]),
    'pages of files of storage; metadata and memory files are APART. What the figures mean: memtrace cache --explain',
  ];
}

export const lossRemarks = ({ snapshot: { losses } }: CacheReport): string[] =>
  losses
    .filter(({ count }) => count > 0)
    .map(({ reason, count }) => `LOST: ${countText(count)} ${cacheLossReasons[reason]}`);

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

/** Evictions worth a sentence each, and what there is besides. */
function evictionRemarks({ evictions, snapshot: { pageSize } }: CacheReport): string[] {
  const said = evictions
    .filter(({ evicted, cameBack }) => evicted * pageSize >= leastEviction || cameBack > 0)
    .slice(0, mostEvictions);
  const others = evictions.filter((each) => !said.includes(each));
  const rest = others.reduce((sum, { evicted }) => sum + evicted, 0);
  const files = new Set(others.map(({ file }) => file.id)).size;
  return [
    ...said.map((each) => evictionText(each, pageSize)),
    ...(rest === 0
      ? []
      : [
          `${said.length === 0 ? '' : 'and '}${binaryText(bytes(rest * pageSize))} of ${files} ${said.length === 0 ? '' : 'more '}files were evicted`,
        ]),
  ];
}

const use = ({ accesses, writes }: CacheTotals): number => (accesses ?? 0) + (writes ?? 0);

/** `80 pages read: 60 hits (75.00%), 16 read ahead, 4 waited for; 3 written`. */
function totalsText(totals: CacheTotals): string {
  const { accesses, hits, ratio, readAhead, misses, writes, dirtied, evicted, refaulted } = totals;
  const { direct, wasted } = totals;
  const count = (n: number | null) => (n === null ? '-' : countText(n));
  const some = (n: number | null, words: string) =>
    n === null || n === 0 ? [] : [`${countText(n)} ${words}`];
  const read =
    accesses === 0
      ? 'no page read'
      : `${count(accesses)} pages read: ${count(hits)} hits (${ratio === null ? '-' : percentText(ratio)}), ${count(readAhead)} read ahead, ${count(misses)} waited for`;
  return [
    read,
    ...some(writes, 'written'),
    ...some(dirtied, 'dirtied'),
    ...some(evicted, 'evicted'),
    ...some(refaulted, 'refaulted'),
    ...some(wasted, 'wasted by read-ahead'),
    ...some(direct, 'by direct I/O'),
  ].join('; ');
}
