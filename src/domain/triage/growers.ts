import type { TriageHistory } from './history.ts';
import type { ProcessUse } from './process-use.ts';
import { type Room, roomFor } from './room.ts';
import type { TriageSnapshot } from './snapshot.ts';
import { isSteady, type Trend } from './slope.ts';

/** A process whose own memory grew steadily within the window. */
export interface Grower {
  readonly process: ProcessUse;
  /** Of its own memory: anonymous and swapped, bytes. */
  readonly trend: Trend;
  /** Milliseconds since it began; null where not known. */
  readonly age: number | null;
  readonly room: Room | null;
  /** Until the room is used up at this rate, milliseconds; Infinity where that is not known. */
  readonly timeLeft: number;
}

const least = { points: 6, spanMs: 4000, change: 512 * 1024, perMinute: 2 ** 20, share: 0.01 };

export const ownMemory = ({ anonymous, detail }: ProcessUse): number =>
  anonymous + (detail?.swap ?? 0);

/** Whether the process was named by --pid. */
export const isAsked = ({ segments }: TriageSnapshot, pid: number): boolean =>
  segments.some((each) => each.pid === pid);

const known = new WeakMap<TriageSnapshot, { of: TriageHistory; list: readonly Grower[] }>();

/** Those that grow: those of --pid, then the fastest. Several rules ask: they are looked for once. */
export function growers(history: TriageHistory): readonly Grower[] {
  const found = known.get(history.latest);
  if (found?.of === history) return found.list;
  const list = findGrowers(history);
  known.set(history.latest, { of: history, list });
  return list;
}

function findGrowers(history: TriageHistory): readonly Grower[] {
  const { latest } = history;
  return latest.processes
    .filter((process) => {
      // Before the dear trend: few are left to look at.
      const before = history.beginning(process.id);
      return before !== null && ownMemory(process) - ownMemory(before.process) >= least.change;
    })
    .flatMap((process) => {
      const trend = history.processTrend(process.id, ownMemory);
      if (trend === null || !isLongEnough(trend) || !isSteady(trend) || !isFast(trend, process))
        return [];
      const room = roomFor(latest, process);
      const { uptime } = latest.host;
      return [
        {
          process,
          trend,
          age: uptime === null ? null : uptime - process.began,
          room,
          timeLeft: room === null ? Infinity : (room.left / trend.slope) * 1000,
        },
      ];
    })
    .sort(
      (a, b) =>
        Number(isAsked(latest, b.process.pid)) - Number(isAsked(latest, a.process.pid)) ||
        b.trend.slope - a.trend.slope,
    );
}

const isLongEnough = ({ points, span, change }: Trend): boolean =>
  points >= least.points && span >= least.spanMs && change >= least.change;

const isFast = ({ slope }: Trend, process: ProcessUse): boolean =>
  slope * 60 >= Math.max(least.perMinute, ownMemory(process) * least.share);
