import {
  growthFigure,
  shareFigure,
  sizeFigure,
  sizeWords,
  timeFigure,
  timeWords,
} from '../figures.ts';
import { growers } from '../growers.ts';
import type { TriageHistory } from '../history.ts';
import { freeColumns } from '../memory.ts';
import { leakOf, segmentsOf } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Finding, NextCommand } from '../verdict.ts';
import { largestProcess, likeliestVictim, processWords } from '../victims.ts';

const tenMinutesMs = 600_000;
const least = { points: 6, spanMs: 4000 };

/** Little is available on the whole machine, or what is available falls so fast that it will soon be used up. */
export const oomImminent: Rule = {
  code: 'oom-imminent',
  title: 'memory running out',
  mechanism: {
    text: "Available memory is the kernel's estimate of what could be handed out without swapping: free pages and the part of page cache and reclaimable slab that is not needed to keep going. When it is used up, allocations wait for reclaim, and when reclaim finds nothing any more, somebody is killed.",
    source: 'Documentation/filesystems/proc.rst (MemAvailable)',
  },
  find: (history) => {
    const { memory } = history.latest;
    if (memory === null || memory.available === null) return [];
    const { available, total } = freeColumns(memory);
    const left = available + memory.swapFree;
    const trend = history.trend((s) =>
      s.memory === null ? null : freeColumns(s.memory).available + s.memory.swapFree,
    );
    const isWatched = trend !== null && trend.points >= least.points && trend.span >= least.spanMs;
    const falling = isWatched && trend.rising <= 0.3 ? -trend.slope : 0;
    const timeLeft = falling > 0 ? (left / falling) * 1000 : Infinity;
    const share = left / (total + memory.swapTotal);
    const isNear = timeLeft < tenMinutesMs && share < 0.4;
    if (share >= 0.08 && !isNear && timeLeft >= 60_000) return [];
    return [finding(history, { left, share, falling, timeLeft })];
  },
};

interface Outlook {
  readonly left: number;
  readonly share: number;
  readonly falling: number;
  readonly timeLeft: number;
}

function finding(history: TriageHistory, { left, share, falling, timeLeft }: Outlook): Finding {
  const { latest } = history;
  const victim = likeliestVictim(latest.processes, null);
  const isCritical = share < 0.04 || timeLeft < tenMinutesMs;
  const rate = Number.isFinite(timeLeft)
    ? ` and at the rate at which that falls it lasts ${timeWords(timeLeft)}`
    : '';
  const next = victim === null ? '' : `; ${processWords(victim)} would be killed first`;
  return {
    severity: isCritical ? 'critical' : 'warning',
    subject: { kind: 'host' },
    sentence: `${sizeWords(left)} are left on this machine${rate}${next}.`,
    figures: [
      sizeFigure('available and free swap', left),
      shareFigure('of all', share),
      ...(falling > 0 ? [growthFigure('change', -falling), timeFigure('lasts', timeLeft)] : []),
    ],
    refutedBy:
      'Available memory rises again by itself: a batch job that ends gives back what it had.',
    next: culprit(history),
    weight: Math.max(1 - share, 1 / (1 + timeLeft / tenMinutesMs)),
  };
}

function culprit(history: TriageHistory): NextCommand | null {
  const [fastest] = growers(history);
  if (fastest !== undefined) return leakOf(fastest.process.pid);
  const largest = largestProcess(history.latest.processes);
  return largest === null ? null : segmentsOf(largest.pid);
}
