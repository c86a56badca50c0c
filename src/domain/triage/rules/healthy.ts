import { freeColumns } from '../memory.ts';
import type { Rule } from '../rule.ts';

const longEnoughMs = 4000;

/** What is said where no other rule found anything worse than a note. */
export const healthy: Rule = {
  code: 'healthy',
  title: 'healthy',
  mechanism: {
    text: 'Free memory alone says little: the kernel keeps what nobody else needs filled with the contents of files, and gives it back when it is asked for. A machine is short of memory when what is available falls, when tasks wait for reclaim, or when what was just evicted is read again.',
    source: 'Documentation/filesystems/proc.rst (MemAvailable)',
  },
  find: ({ latest, span }) => {
    if (latest.memory === null) return [];
    const { available, total } = freeColumns(latest.memory);
    return [
      {
        severity: 'ok',
        subject: { kind: 'host' },
        sentence:
          span >= longEnoughMs
            ? 'No sign of a memory problem in what was watched.'
            : 'No sign of a memory problem so far; that something grows shows after about 5 s.',
        figures: [
          {
            name: 'available',
            value: (available / total) * 100,
            unit: 'percent',
            text: `${Math.round((available / total) * 100)}%`,
          },
        ],
        refutedBy:
          'A longer run in which a figure moves: problems that come and go are seen while they last.',
        next: null,
        weight: 0,
      },
    ];
  },
};
