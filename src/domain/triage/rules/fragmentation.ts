import { eventsFigure, shareFigure, shareWords, sizeFigure } from '../figures.ts';
import type { TriageHistory } from '../history.ts';
import { kernelLeak } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Zone } from '../snapshot.ts';

/** Blocks of 16 pages and larger: what huge pages, network buffers and drivers ask for lies above. */
const largeOrder = 4;
const least = { stalls: 5, failures: 0.5, freeBytes: 64 * 2 ** 20 };

/** Enough pages are free, but not beside each other. */
export const fragmentation: Rule = {
  code: 'fragmentation',
  title: 'free memory is fragmented',
  mechanism: {
    text: "Physical memory is handed out in blocks of 1, 2, 4 … pages that lie beside each other. After long use the free pages are scattered; a large block then has to be made by moving pages (compaction), and the task that asked for it waits. When that fails too, huge pages are not given, and drivers and network may fail although much is free. Memory that a program's own allocator keeps in pieces is another thing: it shows as resident memory of the process.",
    source:
      'Documentation/admin-guide/sysctl/vm.rst (compaction_proactiveness, extfrag_threshold), Documentation/filesystems/proc.rst (buddyinfo)',
  },
  find: (history) => {
    const stalls = history.rate('compactionStalls') ?? 0;
    const failed = history.rate('compactionFailures') ?? 0;
    if (stalls < least.stalls || failed < stalls * least.failures) return [];
    const worst = mostScattered(history);
    if (worst === null) return [];
    const { zone, large, free } = worst;
    return [
      {
        severity: 'warning',
        subject: { kind: 'node', id: zone.node },
        sentence: `Tasks wait ${Math.round(stalls)} times a second for large blocks of memory, mostly in vain: of the free pages in zone ${zone.name} ${shareWords(large)} lie in blocks of 16 and more.`,
        figures: [
          eventsFigure('compaction stalls', stalls),
          eventsFigure('in vain', failed),
          shareFigure('free in large blocks', large),
          sizeFigure('free in the zone', free),
        ],
        refutedBy:
          'The counters stand still over a longer run, or large blocks come back once page cache is reclaimed.',
        next: kernelLeak(),
        weight: 1 - large,
      },
    ];
  },
};

interface Scattered {
  readonly zone: Zone;
  /** Share of the free pages that lie in large blocks. */
  readonly large: number;
  readonly free: number;
}

function mostScattered({ latest }: TriageHistory): Scattered | null {
  const { pageSize } = latest.host;
  const zones = latest.zones.flatMap((zone) => {
    if (zone.freeBlocks === null) return [];
    const pages = zone.freeBlocks.map((count, order) => count * 2 ** order);
    const all = pages.reduce((sum, n) => sum + n, 0);
    const large = pages.slice(largeOrder).reduce((sum, n) => sum + n, 0);
    const free = all * pageSize;
    return free < least.freeBytes ? [] : [{ zone, large: large / all, free }];
  });
  const [worst] = zones.toSorted((a, b) => a.large - b.large);
  return worst === undefined || worst.large > 0.2 ? null : worst;
}
