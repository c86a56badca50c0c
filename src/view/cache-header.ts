import type { CacheReport } from '../domain/cache-report.ts';
import { lossRemarks } from './cache-remarks.ts';
import { sparkline } from './sparkline.ts';
import { bytesText, clockText, countText, durationText, shareText } from './units.ts';

/** What is said above every table and page of a cache session. */
export interface CacheHeaderTexts {
  /** What is seen, by which mode, for how long. */
  readonly title: string;
  readonly clock: string;
  /** Hit, read-ahead and miss of all that was read. */
  readonly reads: string;
  /** What came and went, each second, and how much is cached. */
  readonly movement: string;
  /** Empty where nothing was lost. */
  readonly losses: readonly string[];
  /** Notices, and what the mode cannot see. */
  readonly remarks: readonly string[];
}

interface Room {
  /** Characters in a line. */
  readonly width: number;
  readonly unicode: boolean;
}

/** `only`: what the report is confined to, in words; null: nothing. `ratios`: of the latest intervals. */
export function cacheHeader(
  report: CacheReport,
  only: string | null,
  ratios: readonly (number | null)[],
  room: Room,
): CacheHeaderTexts {
  const { snapshot } = report;
  const about = only === null ? '' : `only ${only}  `;
  const codes = snapshot.blindSpots.map(({ code }) => code);
  const blind =
    room.width < namingWidth
      ? `${codes.length} blind spot${codes.length === 1 ? '' : 's'}`
      : `cannot see ${codes.join(', ')}`;
  const notices = report.notices.filter(({ code }) => code !== 'carried');
  return {
    title: `${about}${snapshot.mode}  for ${durationText(snapshot.elapsed)}`,
    clock: clockText(snapshot.takenAt),
    reads: readsText(report, ratios, room),
    movement: movementText(report),
    losses: lossRemarks(report),
    remarks: [...(codes.length === 0 ? [] : [`${blind} (i)`]), ...notices.map(({ text }) => text)],
  };
}

/** Where the terminal is as wide, blind spots are named and not only counted. */
const namingWidth = 140;

/** What the widest figures of `readsText` take, without its graph. */
const readsWidth = 69;

/** The graph grows to the right, so that nothing but itself moves. */
function readsText(
  { system, length }: CacheReport,
  ratios: readonly (number | null)[],
  { width, unicode }: Room,
): string {
  const { accesses, ratio, waited } = system;
  const share = (value: number | null) => (value === null ? '-' : shareText(value));
  const ahead = ratio === null || waited === null ? null : rounded(1 - ratio - waited);
  const graphWidth = Math.max(8, Math.min(40, width - readsWidth));
  const graph = sparkline(ratios, graphWidth, unicode).trimStart().padEnd(graphWidth);
  const pages = perSecond(accesses, length);
  const unit = pages === '1' ? ' page/s' : ' pages/s';
  return [
    `HIT ${share(ratio).padEnd(5)} ${graph}`,
    `READAHEAD ${share(ahead)}`,
    `${width < 80 ? 'MISS' : 'MISS (waited)'} ${share(waited)}`,
    accesses === 0 ? 'nothing was read' : `${pages}${width < 80 ? '/s' : unit}`,
  ].join('  ');
}

/** What the difference of shares has of its binary fractions is no share. */
const rounded = (share: number): number => Math.max(0, Math.round(share * 1e12) / 1e12);

function movementText({ system, apart, length, snapshot: { memory } }: CacheReport): string {
  const rate = (name: string, count: number | null) =>
    `${name} ${perSecond(count, length)}${count === null ? '' : '/s'}`;
  const some = (name: string, count: number | null) =>
    count === null || count === 0 ? [] : [rate(name, count)];
  return [
    rate('evicted', system.evicted),
    rate('refaulted', system.refaulted),
    rate('written', system.writes),
    ...some('wasted', system.wasted),
    ...some('direct', system.direct),
    `Cached ${bytesText(memory.cached)}`,
    `Dirty ${bytesText(memory.dirty)}`,
    `Buffers ${bytesText(memory.buffers)}`,
    ...Object.entries(apart).flatMap(([kind, { accesses }]) => some(kind, accesses)),
  ].join('  ');
}

const perSecond = (count: number | null, length: number): string =>
  count === null ? '-' : countText(Math.round((count * 1000) / Math.max(1, length)));
