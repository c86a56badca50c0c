import {
  countFigure,
  growthFigure,
  rateWords,
  shareFigure,
  sizeFigure,
  timeFigure,
  timeWords,
} from '../figures.ts';
import { type Grower, growers } from '../growers.ts';
import { leakOf } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Figure, Finding } from '../verdict.ts';

/** Younger ones may still be filling up what they need. */
export const oldEnoughMs = 120_000;
/** Within a shift. What takes longer is told of, and is no alarm. */
const soonMs = 8 * 3_600_000;
const dayMs = 24 * 3_600_000;
/** Share of the steps that go up: less may be garbage that is not collected yet. */
const leastRising = 0.7;
const most = 3;

/** A process that has run for a while and whose own memory goes on growing. */
export const processLeak: Rule = {
  code: 'process-leak',
  title: 'leak suspected',
  mechanism: {
    text: 'Anonymous memory (heap, stacks, private mappings) has no file behind it: the kernel can only move it to swap, never drop it. A process that goes on asking for it and does not give it back grows until a limit stops it. From outside, a leak, a cache without a bound and a growing load look alike; which call stacks hold the memory tells them apart.',
    source:
      'Documentation/filesystems/proc.rst (RssAnon), Documentation/admin-guide/mm/concepts.rst',
  },
  find: (history) =>
    growers(history)
      .filter(({ age }) => age === null || age >= oldEnoughMs)
      .slice(0, most)
      .map((grower) => ({
        ...growth(grower),
        severity:
          grower.timeLeft < soonMs && grower.trend.rising >= leastRising ? 'warning' : 'note',
        refutedBy:
          'It levels off when it is watched for longer, or memtrace leak finds that old blocks are freed.',
      })),
};

/** What is said of any process that grows. */
export function growth(grower: Grower): Omit<Finding, 'severity' | 'refutedBy'> {
  const { process, trend, room, timeLeft } = grower;
  const { id, pid, command } = process;
  return {
    subject: { kind: 'process', id, pid, command },
    sentence: `${command}[${pid}] grows by ${rateWords(trend.slope)}${until(grower)}.`,
    figures: [
      growthFigure('growth', trend.slope),
      sizeFigure('own memory', process.anonymous),
      shareFigure('steps up', trend.rising),
      ...(room === null
        ? []
        : [sizeFigure(room.cgroup === null ? 'left' : 'left to the limit', room.left)]),
      ...(Number.isFinite(timeLeft) ? [timeFigure('used up in', timeLeft)] : []),
      ...threadsFigure(grower),
    ],
    next: leakOf(pid),
    weight: 1 / (1 + timeLeft / 3_600_000),
  };
}

function until({ room, timeLeft }: Grower): string {
  if (room === null || !Number.isFinite(timeLeft)) return '';
  const whose = room.cgroup === null ? 'available memory' : `the limit of ${room.cgroup.path}`;
  return timeLeft > 30 * dayMs
    ? ''
    : `; at this rate ${whose} is ${room.cgroup === null ? 'used up' : 'reached'} in ${timeWords(timeLeft)}`;
}

function threadsFigure({ process }: Grower): readonly Figure[] {
  const threads = process.detail?.threads;
  return threads === undefined ? [] : [countFigure('threads', threads)];
}
