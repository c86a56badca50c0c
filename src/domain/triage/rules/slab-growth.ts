import {
  growthFigure,
  rateWords,
  shareFigure,
  shareWords,
  sizeFigure,
  sizeWords,
} from '../figures.ts';
import type { TriageHistory } from '../history.ts';
import type { MemoryFigures } from '../memory.ts';
import { kernelLeak } from '../next.ts';
import type { Rule } from '../rule.ts';
import { isSteady, type Trend } from '../slope.ts';
import type { Finding, Subject } from '../verdict.ts';

/** Slower growth may be that of connections and processes that come and go. */
const soonMs = 4 * 3_600_000;
const least = { points: 5, unreclaimable: 16 * 2 ** 20, reclaimable: 24 * 2 ** 20, level: 2 ** 29 };

/** Objects of the kernel itself grow, or hold much of the memory. */
export const slabGrowth: Rule = {
  code: 'slab-growth',
  title: 'slab grows',
  mechanism: {
    text: 'The kernel keeps its own objects (names of files, inodes, sockets, buffers) in caches of equal size, made of whole pages. Names and inodes are reclaimable: they stay because they may be needed again, and go when memory is short, slower than page cache since one object in use keeps its whole page. The rest is not: if that grows without end, something in the kernel or a driver does not free.',
    source:
      'Documentation/filesystems/proc.rst (SReclaimable, SUnreclaim), Documentation/admin-guide/sysctl/vm.rst (vfs_cache_pressure)',
  },
  find: (history) => {
    const { memory } = history.latest;
    if (memory === null) return [];
    const fixed = history.trend((s) => s.memory?.slabUnreclaimable);
    const loose = history.trend((s) => s.memory?.slabReclaimable);
    return [...unreclaimable(history, memory, fixed), ...reclaimable(history, memory, loose)].slice(
      0,
      1,
    );
  },
};

const grows = (trend: Trend | null, floor: number): trend is Trend =>
  trend !== null && trend.points >= least.points && trend.change >= floor && isSteady(trend);

function unreclaimable(
  history: TriageHistory,
  memory: MemoryFigures,
  trend: Trend | null,
): readonly Finding[] {
  const size = memory.slabUnreclaimable ?? 0;
  const share = size / memory.total;
  const isGrowing = grows(trend, Math.max(least.unreclaimable, memory.total * 0.0005));
  if (!isGrowing && (share <= 0.1 || size < least.level)) return [];
  const timeLeft = isGrowing ? ((memory.available ?? memory.free) / trend.slope) * 1000 : Infinity;
  const top = growingCaches(history, false);
  const moves = isGrowing ? `grows by ${rateWords(trend.slope)}` : 'does not grow now';
  return [
    {
      severity: share > 0.1 || timeLeft < soonMs ? 'warning' : 'note',
      subject: subjectOf(top),
      sentence: `Kernel memory that cannot be reclaimed is ${sizeWords(size)} (${shareWords(share)} of all), and ${moves}${named(top)}.`,
      figures: [
        sizeFigure('SUnreclaim', size),
        shareFigure('of all', share),
        ...(isGrowing ? [growthFigure('growth', trend.slope)] : []),
        ...top.map(({ name, growth }) => sizeFigure(`growth of ${name}`, growth)),
      ],
      refutedBy: 'It falls when the load that caused it (connections, mounts, traffic) ends.',
      next: kernelLeak(),
      weight: Math.min(1, share * 2),
    },
  ];
}

function reclaimable(
  history: TriageHistory,
  memory: MemoryFigures,
  trend: Trend | null,
): readonly Finding[] {
  const size = memory.slabReclaimable ?? 0;
  if (!grows(trend, Math.max(least.reclaimable, memory.total * 0.0008))) return [];
  const top = growingCaches(history, true);
  return [
    {
      severity: 'note',
      subject: subjectOf(top),
      sentence: `Reclaimable kernel memory (names of files, inodes) is ${sizeWords(size)} and grows by ${rateWords(trend.slope)}${named(top)}; the kernel gives most of it back when memory is needed.`,
      figures: [
        sizeFigure('SReclaimable', size),
        growthFigure('growth', trend.slope),
        ...top.map(({ name, growth }) => sizeFigure(`growth of ${name}`, growth)),
      ],
      refutedBy: 'It goes on growing while available memory falls.',
      next: kernelLeak(),
      weight: Math.min(1, size / memory.total),
    },
  ];
}

interface Growing {
  readonly name: string;
  readonly growth: number;
}

/** The three that grew most; those known to be of the other kind are left out. */
function growingCaches({ first, latest }: TriageHistory, wanted: boolean): readonly Growing[] {
  const before = new Map(first.slabs.map(({ name, size }) => [name, size]));
  return latest.slabs
    .filter(({ reclaimable: is }) => is === null || is === wanted)
    .map(({ name, size }) => ({ name, growth: size - (before.get(name) ?? size) }))
    .filter(({ growth }) => growth > 0)
    .sort((a, b) => b.growth - a.growth)
    .slice(0, 3);
}

const subjectOf = ([top]: readonly Growing[]): Subject =>
  top === undefined ? { kind: 'host' } : { kind: 'slab', name: top.name };

const named = (top: readonly Growing[]): string =>
  top.length === 0 ? '' : `, most of it in ${top.map(({ name }) => name).join(', ')}`;
