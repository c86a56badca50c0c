import { pagesFigure, shareFigure, sizeFigure, sizeWords } from '../figures.ts';
import type { Rule } from '../rule.ts';
import { swappedProcesses, swapping } from '../swapping.ts';
import { swappedWords } from '../swap-words.ts';

const least = { size: 64 * 2 ** 20, share: 0.05 };

/** Swap is in use, and nothing moves. */
export const swapQuiet: Rule = {
  code: 'swap-quiet',
  title: 'swap in use, quiet',
  mechanism: {
    text: 'What was swapped out once stays there until it is touched, also long after memory has become free again. Used swap therefore tells of the past; swap-in tells of now.',
    source: 'Documentation/admin-guide/mm/concepts.rst (reclaim)',
  },
  find: (history) => {
    const { memory } = history.latest;
    if (memory === null || history.snapshots.length < 2 || swapping(history) !== null) return [];
    const used = memory.swapTotal - memory.swapFree;
    const share = memory.swapTotal === 0 ? 0 : used / memory.swapTotal;
    if (used < least.size || share < least.share) return [];
    const swapped = swappedProcesses(history.latest.processes);
    return [
      {
        severity: share > 0.9 ? 'note' : 'ok',
        subject: { kind: 'host' },
        sentence: `${sizeWords(used)} are in swap from earlier, and hardly anything moves now${swappedWords({ swapped })}.`,
        figures: [
          sizeFigure('swap used', used),
          shareFigure('of swap', share),
          pagesFigure('swap-in', history.rate('swappedIn') ?? 0),
          pagesFigure('swap-out', history.rate('swappedOut') ?? 0),
        ],
        refutedBy: 'Swap-in rises when the programs that were swapped out are used.',
        next: null,
        weight: 0.2 * share,
      },
    ];
  },
};
