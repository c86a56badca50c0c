import { pressureFigure, shareFigure, sizeFigure, sizeWords } from '../figures.ts';
import { cacheByDirtied } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { TriageSnapshot } from '../snapshot.ts';

const leastSteps = 3;

/** So many pages wait to be written that the kernel slows their writers down. */
export const dirtyThrottling: Rule = {
  code: 'dirty-throttling',
  title: 'writers are throttled',
  mechanism: {
    text: 'What is written to files lands in memory first. Above the background threshold the kernel begins to write it out by itself (flusher threads of each device); half-way between that and the dirty threshold it begins to pause whoever writes, the longer the nearer, so that the threshold is never passed. Then writers go at the speed of the storage, though they only write to memory.',
    source:
      'Documentation/admin-guide/sysctl/vm.rst (dirty_background_ratio, dirty_ratio, dirty_expire_centisecs)',
  },
  find: ({ latest, snapshots }) => {
    const now = fill(latest);
    const above = snapshots.filter((snapshot) => (fill(snapshot)?.share ?? 0) >= 1).length;
    if (now === null || above < Math.max(leastSteps, snapshots.length / 2)) return [];
    const { io } = latest.pressure;
    const { settings } = latest;
    return [
      {
        severity: 'warning',
        subject: { kind: 'host' },
        sentence: `${sizeWords(now.size)} wait to be written, which is so near the limit of ${sizeWords(now.limit)} that writers are slowed down to the speed of the storage.`,
        figures: [
          sizeFigure('dirty and in writeback', now.size),
          sizeFigure('throttled from', now.from),
          sizeFigure('dirty threshold', now.limit),
          ...(settings.dirtyBytes
            ? [sizeFigure('vm.dirty_bytes', settings.dirtyBytes)]
            : [shareFigure('vm.dirty_ratio', (settings.dirtyRatio ?? 0) / 100)]),
          ...(io === null
            ? []
            : [pressureFigure('tasks waited for storage (10 s)', io.some.avg10)]),
        ],
        refutedBy: 'It falls below the half-way mark as soon as a single burst of writing ends.',
        next: cacheByDirtied(),
        weight: Math.min(1, now.size / now.limit),
      },
    ];
  },
};

interface Fill {
  readonly size: number;
  readonly limit: number;
  /** Where pauses begin. */
  readonly from: number;
  /** 1 there. */
  readonly share: number;
}

function fill({ memory, counters, host }: TriageSnapshot): Fill | null {
  const { dirtyThreshold, dirtyBackgroundThreshold } = counters;
  if (memory === null || dirtyThreshold === null || dirtyBackgroundThreshold === null) return null;
  if (dirtyThreshold === 0) return null;
  const size = memory.dirty + memory.writeback;
  const limit = dirtyThreshold * host.pageSize;
  const from = ((dirtyThreshold + dirtyBackgroundThreshold) / 2) * host.pageSize;
  return { size, limit, from, share: size / from };
}
