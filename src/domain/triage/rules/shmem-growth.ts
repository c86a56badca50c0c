import {
  growthFigure,
  rateWords,
  shareFigure,
  shareWords,
  sizeFigure,
  sizeWords,
  timeFigure,
  timeWords,
} from '../figures.ts';
import type { TriageHistory } from '../history.ts';
import { cacheTop } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Trend } from '../slope.ts';
import type { MemoryMount } from '../snapshot.ts';

const least = { points: 4, change: 8 * 2 ** 20 };
const halfHourMs = 30 * 60_000;

/** Files in memory (tmpfs, shared memory, memfd) grow. free(1) counts them as cache, and they cannot be dropped. */
export const shmemGrowth: Rule = {
  code: 'shmem-growth',
  title: 'shared memory grows',
  mechanism: {
    text: 'Files of tmpfs, System V and POSIX shared memory, memfds and shared anonymous mappings live in the page cache without a disk behind them. They are shown as cache, but can only go to swap, or when the file is deleted and nobody has it open or mapped any more. A forgotten file on a tmpfs is a leak that belongs to no process.',
    source: 'Documentation/filesystems/tmpfs.rst, Documentation/filesystems/proc.rst (Shmem)',
  },
  find: (history) => {
    const { memory } = history.latest;
    const trend = history.trend((s) => s.memory?.shmem);
    if (memory === null || memory.shmem === null || trend === null) return [];
    const isGrowing =
      trend.points >= least.points &&
      trend.change >= Math.max(least.change, memory.total * 0.0002) &&
      trend.rising >= 0.4;
    if (!isGrowing) return [];
    const filling = fastest(history);
    const left = Math.min(
      memory.available ?? Infinity,
      filling !== null && filling.mount.size > 0
        ? filling.mount.size - filling.mount.used
        : Infinity,
    );
    const timeLeft = (left / trend.slope) * 1000;
    const share = memory.shmem / memory.total;
    const isNear = timeLeft < halfHourMs || share > 0.25;
    return [
      {
        severity: isNear ? 'warning' : 'note',
        subject: filling === null ? { kind: 'host' } : { kind: 'mount', path: filling.mount.path },
        sentence: sentence(memory.shmem, trend, filling, timeLeft),
        figures: [
          sizeFigure('Shmem', memory.shmem),
          shareFigure('of all', share),
          growthFigure('growth', trend.slope),
          ...(filling === null
            ? []
            : [sizeFigure(`used of ${filling.mount.path}`, filling.mount.used)]),
          ...(Number.isFinite(timeLeft) ? [timeFigure('full in', timeLeft)] : []),
        ],
        refutedBy: 'It stops when what is being written there is complete.',
        next: cacheTop(),
        weight: Math.min(1, Math.max(share, 1 / (1 + timeLeft / halfHourMs))),
      },
    ];
  },
};

interface Filling {
  readonly mount: MemoryMount;
  readonly growth: number;
}

/** The mount that took most of the growth. */
function fastest({ first, latest }: TriageHistory): Filling | null {
  const before = new Map(first.memoryMounts.map(({ path, used }) => [path, used]));
  const [top] = latest.memoryMounts
    .map((mount) => ({ mount, growth: mount.used - (before.get(mount.path) ?? mount.used) }))
    .sort((a, b) => b.growth - a.growth);
  return top === undefined || top.growth < least.change / 2 ? null : top;
}

function sentence(shmem: number, trend: Trend, filling: Filling | null, timeLeft: number): string {
  const rate = rateWords(trend.slope);
  const when =
    Number.isFinite(timeLeft) && timeLeft < halfHourMs ? ` in ${timeWords(timeLeft)}` : '';
  if (filling === null) {
    return `Shared memory is ${sizeWords(shmem)} and grows by ${rate}, in no mount that is visible here: memfds, shared mappings, or a tmpfs of a container.`;
  }
  const { path, size, used } = filling.mount;
  const full = size > 0 ? `, ${shareWords(used / size)} full` : '';
  const end = when === '' ? '' : ` and at this rate full${when}`;
  return `Files in memory on ${path} grow by ${rate}${full}${end}; they count as cache, and cannot be dropped.`;
}
