import { shareFigure, shareWords, sizeFigure, sizeWords } from '../figures.ts';
import { segmentsOf } from '../next.ts';
import type { Rule } from '../rule.ts';

/** Strict overcommit: allocations fail by what was promised, whatever is free. */
export const commitLimit: Rule = {
  code: 'commit-limit',
  title: 'commit limit near',
  mechanism: {
    text: 'With vm.overcommit_memory=2 the kernel promises no more memory than swap and a share of RAM (vm.overcommit_ratio) can hold. Mappings that would go beyond fail with ENOMEM at once, however much is free, since promised pages count although nobody has touched them. In the other modes this figure is only informative.',
    source: 'Documentation/mm/overcommit-accounting.rst',
  },
  find: ({ latest }) => {
    const { memory, settings, processes } = latest;
    if (settings.overcommitMemory !== 2 || memory === null) return [];
    const { committed, commitLimit: limit } = memory;
    if (committed === null || limit === null || limit === 0) return [];
    const share = committed / limit;
    if (share < 0.9) return [];
    const widest = processes.toSorted((a, b) => b.virtual - a.virtual)[0];
    return [
      {
        severity: share >= 0.97 ? 'critical' : 'warning',
        subject: { kind: 'host' },
        sentence: `${shareWords(share)} of the ${sizeWords(limit)} that may be promised are promised, and vm.overcommit_memory=2 makes allocations fail beyond that.`,
        figures: [
          sizeFigure('Committed_AS', committed),
          sizeFigure('CommitLimit', limit),
          shareFigure('promised', Math.min(1, share)),
        ],
        refutedBy: 'No program reports ENOMEM.',
        next: widest === undefined ? null : segmentsOf(widest.pid),
        weight: Math.min(1, share),
      },
    ];
  },
};
