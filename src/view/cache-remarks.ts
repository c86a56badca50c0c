import type { CacheReport } from '../domain/cache-report.ts';
import { cacheLossReasons, type CacheSnapshot } from '../domain/cache-snapshot.ts';
import type { CacheTotals } from '../domain/page-counts.ts';
import { bytes } from '../domain/units.ts';
import { evictionText } from './eviction-text.ts';
import { binaryText, bytesText, countText, percentText } from './units.ts';

const mostEvictions = 5;
const leastEviction = 2 ** 20;

/** The mode and what it cannot see, what is confined. */
export function modeRemarks(snapshot: CacheSnapshot, only: string | null): string[] {
  const refused = snapshot.refusedModes.map(({ mode, why }) => `${mode}: ${why}`);
  return [
    `memtrace cache, mode ${snapshot.mode}${refused.length === 0 ? '' : ` (not ${refused.join('; not ')})`}, kernel memory ${bytesText(snapshot.kernelMemory)}`,
    ...snapshot.blindSpots.map(({ code, text }) => `cannot see: ${text} (${code})`),
    ...(only === null ? [] : [`only ${only}: all figures are of that`]),
    'pages of files of storage; metadata and memory files are APART. What the figures mean: memtrace cache --explain',
  ];
}

/** What was lost, a line for each reason. */
export const lossRemarks = ({ snapshot: { losses } }: CacheReport): string[] =>
  losses
    .filter(({ count }) => count > 0)
    .map(({ reason, count }) => `LOST: ${countText(count)} ${cacheLossReasons[reason]}`);

/** Evictions worth a sentence each, and what there is besides. */
export function evictionRemarks({ evictions, snapshot: { pageSize } }: CacheReport): string[] {
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
          `${said.length === 0 ? '' : 'and '}${binaryText(bytes(rest * pageSize))} of ${files} ${said.length === 0 ? '' : 'more '}file${files === 1 ? '' : 's'} were evicted`,
        ]),
  ];
}

/** `80 pages read: 60 hits (75.00%), 16 read ahead, 4 waited for; 3 written`. */
export function totalsText(totals: CacheTotals): string {
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
