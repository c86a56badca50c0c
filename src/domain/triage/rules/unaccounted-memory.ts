import { shareFigure, shareWords, sizeFigure, sizeWords } from '../figures.ts';
import { unaccounted } from '../memory.ts';
import { kernelLeak } from '../next.ts';
import type { Rule } from '../rule.ts';

const least = { share: 0.08, size: 512 * 2 ** 20 };

/** Memory is in use that none of the kernel's figures names. */
export const unaccountedMemory: Rule = {
  code: 'unaccounted-memory',
  title: 'memory that nobody accounts for',
  mechanism: {
    text: "Pages that a driver, a file system or a hypervisor's balloon takes straight from the page allocator stand in no line of /proc/meminfo. What is left when all lines are taken from the total is theirs; it belongs to no process, and no process shows it.",
    source: 'Documentation/filesystems/proc.rst (meminfo)',
  },
  find: ({ latest }) => {
    if (latest.memory === null) return [];
    const zram = latest.zram.reduce((sum, { memoryUsed }) => sum + memoryUsed, 0);
    const size = unaccounted(latest.memory, zram) ?? 0;
    const share = size / latest.memory.total;
    if (share < least.share || size < least.size) return [];
    return [
      {
        severity: share > 0.25 ? 'warning' : 'note',
        subject: { kind: 'host' },
        sentence: `${sizeWords(size)} (${shareWords(share)} of all) are in use and stand in no figure of the kernel: drivers, a balloon, or pages that were leaked in the kernel.`,
        figures: [sizeFigure('unaccounted', size), shareFigure('of all', share)],
        refutedBy: 'A driver or hypervisor is known to hold as much.',
        next: kernelLeak(),
        // A remainder: what is known to hurt comes first.
        weight: share * 0.2,
      },
    ];
  },
};
