import { rateFigures, swappedWords } from '../swap-words.ts';
import { countFigure, sizeFigure, sizeWords } from '../figures.ts';
import { freeColumns } from '../memory.ts';
import { cacheByProcess } from '../next.ts';
import type { Rule } from '../rule.ts';
import { swapping } from '../swapping.ts';

/** Pages go to swap while there is much page cache that could go instead. */
export const swapSwappiness: Rule = {
  code: 'swap-swappiness',
  title: 'swapping, to keep page cache',
  mechanism: {
    text: 'Reclaim chooses between page cache and anonymous memory. vm.swappiness (0 to 200, 60 unless it was set) tells it what a page of swap costs against a page of a file: 100 means the same, more prefers swapping, as suits zram. It is no level at which swapping begins. With much reading the kernel may swap out memory that was idle for long so that files stay cached.',
    source: 'Documentation/admin-guide/sysctl/vm.rst (swappiness)',
  },
  find: (history) => {
    const found = swapping(history);
    const { memory, settings } = history.latest;
    if (found?.cause !== 'swappiness' || memory === null) return [];
    const { available } = freeColumns(memory);
    return [
      {
        severity: found.in > 50 ? 'warning' : 'note',
        subject: { kind: 'host' },
        sentence: `Pages are swapped out although ${sizeWords(available)} are available: reclaim prefers to keep page cache (vm.swappiness=${settings.swappiness ?? 'unknown'})${swappedWords(found)}.`,
        figures: [
          ...rateFigures(history, found),
          sizeFigure('available', available),
          ...(settings.swappiness === null
            ? []
            : [countFigure('vm.swappiness', settings.swappiness)]),
        ],
        refutedBy:
          'Nothing comes back (swap-in stays 0): idle memory made room for files that are read, which is what swap is for.',
        next: cacheByProcess(),
        weight: Math.min(1, (found.in + found.out) / 20_000),
      },
    ];
  },
};
