import { countFigure, shareFigure, shareWords, sizeFigure, sizeWords } from '../figures.ts';
import type { Rule } from '../rule.ts';
import type { HugePool } from '../snapshot.ts';

/** Huge pages were set aside and nobody uses them: no other use can have that memory. */
export const hugePagesUnused: Rule = {
  code: 'huge-pages-unused',
  title: 'huge pages unused',
  mechanism: {
    text: 'Pages that vm.nr_hugepages sets aside are taken out of ordinary memory at once, used or not, and only programs that ask for huge pages by name get them. They count as used in free(1), and are neither available nor reclaimable.',
    source: 'Documentation/admin-guide/mm/hugetlbpage.rst',
  },
  find: ({ latest }) => {
    const total = latest.memory?.total ?? 0;
    const idle = latest.hugePools.reduce((sum, pool) => sum + idleOf(pool), 0);
    const share = total === 0 ? 0 : idle / total;
    if (idle < 64 * 2 ** 20 || share < 0.01) return [];
    const available = (latest.memory?.available ?? 0) / Math.max(1, total);
    const pages = latest.hugePools.reduce((sum, pool) => sum + pool.total, 0);
    return [
      {
        severity: share > 0.1 && available < 0.2 ? 'warning' : 'note',
        subject: { kind: 'host' },
        sentence: `${sizeWords(idle)} (${shareWords(share)} of all memory) are set aside as huge pages that nobody uses.`,
        figures: [
          sizeFigure('idle huge pages', idle),
          shareFigure('of all', share),
          countFigure('huge pages in all', pages),
        ],
        refutedBy: 'A database or virtual machine that is to use them is not started yet.',
        next: null,
        weight: share,
      },
    ];
  },
};

/** Free, and promised to nobody. */
const idleOf = ({ pageSize, free, reserved }: HugePool): number =>
  Math.max(0, free - reserved) * pageSize;
