import { growthFigure, shareFigure, sizeFigure, sizeWords } from '../figures.ts';
import type { TriageHistory } from '../history.ts';
import { freeColumns, type MemoryFigures } from '../memory.ts';
import { cacheTop } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Finding } from '../verdict.ts';

const leastGrowth = 32 * 2 ** 20;

/** Free memory falls, or is gone, because files are cached: nothing is wrong. */
export const cacheGrowth: Rule = {
  code: 'cache-growth',
  title: 'page cache grows, harmless',
  mechanism: {
    text: 'What is read from files or written to them stays in memory as long as nobody else needs the room. It counts as used by nobody: the kernel takes it back as soon as memory is asked for, at no more cost than reading it again later. So free memory near nothing is the normal state of a machine that has run for a while; what counts is what is available.',
    source: 'Documentation/admin-guide/mm/concepts.rst (page cache, reclaim)',
  },
  find: (history) => {
    const { memory } = history.latest;
    if (memory === null || memory.available === null) return [];
    const columns = freeColumns(memory);
    if (columns.available < columns.total * 0.15) return [];
    return [...grown(history, memory), ...full(history, memory)].slice(0, 1);
  },
};

/** Of files: without what tmpfs and shared memory hold. */
const fileCache = ({ cached, buffers, shmem }: MemoryFigures): number =>
  cached + buffers - (shmem ?? 0);

function grown(history: TriageHistory, memory: MemoryFigures): readonly Finding[] {
  const trend = history.trend((s) => (s.memory === null ? null : fileCache(s.memory)));
  const available = history.trend((s) => s.memory?.available);
  if (trend === null || available === null) return [];
  const isMuch = trend.change >= Math.max(leastGrowth, memory.total * 0.002);
  // Half of it may still be dirty, which is not available until it is written.
  if (!isMuch || trend.rising < 0.3 || -available.change > trend.change * 0.7) return [];
  return [
    {
      ...common(memory),
      sentence: `The page cache grew by ${sizeWords(trend.change)}, which is no problem: the kernel gives it back when memory is needed, and ${sizeWords(memory.available ?? 0)} are available.`,
      figures: [growthFigure('page cache', trend.slope), ...common(memory).figures],
      weight: 0.5,
    },
  ];
}

function full({ latest }: TriageHistory, memory: MemoryFigures): readonly Finding[] {
  const cache = fileCache(memory);
  if (latest.memory === null || memory.free > memory.total * 0.1 || cache < memory.total * 0.3)
    return [];
  return [
    {
      ...common(memory),
      sentence: `Only ${sizeWords(memory.free)} are free because ${sizeWords(cache)} hold contents of files, which is no problem: ${sizeWords(memory.available ?? 0)} are available.`,
      weight: 0.3,
    },
  ];
}

const common = (memory: MemoryFigures) => {
  const { free, available, total } = freeColumns(memory);
  return {
    severity: 'ok',
    subject: { kind: 'host' },
    figures: [
      sizeFigure('page cache of files', fileCache(memory)),
      sizeFigure('free', free),
      sizeFigure('available', available),
      shareFigure('of all', available / total),
    ],
    refutedBy: 'Available memory falls with it, or evicted pages are read again (refaults).',
    next: cacheTop(),
  } as const;
};
