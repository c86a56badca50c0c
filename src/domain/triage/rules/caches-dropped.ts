import { countFigure, shareFigure } from '../figures.ts';
import { cacheByProcess } from '../next.ts';
import type { Rule } from '../rule.ts';

/** Somebody wrote to /proc/sys/vm/drop_caches. */
export const cachesDropped: Rule = {
  code: 'caches-dropped',
  title: 'caches were dropped',
  mechanism: {
    text: 'Writing to drop_caches throws away clean page cache (1), reclaimable slab (2) or both (3) at once. It is meant for experiments: what was cached has to be read again from storage, and the memory was available before. In a script that runs regularly it costs more than it gives.',
    source: 'Documentation/admin-guide/sysctl/vm.rst (drop_caches)',
  },
  find: (history) => {
    const caches = history.counted('droppedCaches') ?? 0;
    const slab = history.counted('droppedSlab') ?? 0;
    const times = Math.max(caches, slab);
    if (times === 0) return [];
    const { memory } = history.latest;
    const what = caches === 0 ? 'reclaimable slab' : slab === 0 ? 'page cache' : 'both caches';
    return [
      {
        severity: 'note',
        subject: { kind: 'host' },
        sentence: `Somebody dropped ${what} ${times === 1 ? 'once' : `${times} times`} while this was watched: what was there is read again from storage.`,
        figures: [
          countFigure('times page cache', caches),
          countFigure('times slab', slab),
          ...(memory === null ? [] : [shareFigure('free now', memory.free / memory.total)]),
        ],
        refutedBy: 'It was an experiment or a benchmark that wants a cold cache.',
        next: cacheByProcess(),
        weight: 0.4,
      },
    ];
  },
};
