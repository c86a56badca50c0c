import { countFigure, shareFigure, sizeFigure, sizeWords } from '../figures.ts';
import { growers } from '../growers.ts';
import { leakOf } from '../next.ts';
import type { Rule } from '../rule.ts';

const least = { arenas: 8, size: 64 * 2 ** 20, share: 0.3 };

/** A process of --pid holds much in many arenas of malloc, and does not grow: what was freed there may stay. */
export const allocatorRetention: Rule = {
  code: 'allocator-retention',
  title: 'malloc may keep what was freed',
  mechanism: {
    text: 'What a program frees goes back to its allocator, not at once to the kernel: glibc keeps an arena for each thread that competes, and gives a heap back only from its end, so that one small block in use holds all below it. Resident memory then stays high though little is in use. That is no leak; fewer arenas (MALLOC_ARENA_MAX) or another allocator change it.',
    source: 'man 3 mallopt (M_ARENA_MAX, M_TRIM_THRESHOLD), man 3 malloc_trim',
  },
  find: (history) => {
    const { latest } = history;
    const growing = new Set(growers(history).map(({ process }) => process.pid));
    return latest.segments.flatMap(({ pid, arenas }) => {
      const process = latest.processes.find((each) => each.pid === pid);
      if (process === undefined || growing.has(pid)) return [];
      const share = arenas.resident / Math.max(1, process.resident);
      if (arenas.count < least.arenas || arenas.resident < least.size || share < least.share)
        return [];
      const { id, command } = process;
      return [
        {
          severity: 'note',
          subject: { kind: 'process', id, pid, command },
          sentence: `${command}[${pid}] holds ${sizeWords(arenas.resident)} in ${arenas.count} arenas of malloc and does not grow: part of it may be freed and not given back.`,
          figures: [
            sizeFigure('resident in arenas', arenas.resident),
            shareFigure('of its resident memory', Math.min(1, share)),
            countFigure('arenas', arenas.count),
          ],
          refutedBy: 'memtrace leak shows about as much outstanding as is resident.',
          next: leakOf(pid),
          weight: Math.min(1, arenas.resident / (latest.memory?.total ?? Infinity)),
        },
      ];
    });
  },
};
