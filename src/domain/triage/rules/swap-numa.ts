import { rateFigures } from '../swap-words.ts';
import { countFigure, sizeFigure, sizeWords } from '../figures.ts';
import { segmentsOf } from '../next.ts';
import type { Rule } from '../rule.ts';
import { swapping } from '../swapping.ts';
import { largestProcess } from '../victims.ts';

/** Pages go to swap while another NUMA node has plenty free. */
export const swapNuma: Rule = {
  code: 'swap-numa',
  title: 'swapping, with memory free on another node',
  mechanism: {
    text: 'On a machine with several NUMA nodes each node has free lists, watermarks and a kswapd of its own. A process that is bound to one node, or a zone_reclaim_mode other than 0, makes the kernel reclaim and swap on that node although others have free memory. The sums of free(1) do not show it.',
    source:
      'Documentation/admin-guide/sysctl/vm.rst (zone_reclaim_mode), Documentation/admin-guide/mm/numa_memory_policy.rst',
  },
  find: (history) => {
    const found = swapping(history);
    if (found?.cause !== 'node' || found.full === null || found.roomy === null) return [];
    const { full, roomy } = found;
    const mode = history.latest.settings.zoneReclaimMode ?? 0;
    const why =
      mode === 0
        ? 'a process or its memory policy is bound to that node'
        : `vm.zone_reclaim_mode=${mode} keeps allocations on their node`;
    const largest = found.swapped[0] ?? largestProcess(history.latest.processes);
    return [
      {
        severity: 'warning',
        subject: { kind: 'node', id: full.id },
        sentence: `Node ${full.id} swaps with ${sizeWords(full.free)} free, while node ${roomy.id} has ${sizeWords(roomy.free)}: ${why}.`,
        figures: [
          ...rateFigures(history, found),
          sizeFigure(`free on node ${full.id}`, full.free),
          sizeFigure(`free on node ${roomy.id}`, roomy.free),
          countFigure('vm.zone_reclaim_mode', mode),
        ],
        refutedBy:
          'Free pages of the node stand above its watermarks while it swaps: see /proc/zoneinfo.',
        next: largest === null ? null : segmentsOf(largest.pid),
        weight: Math.min(1, (found.in + found.out) / 20_000),
      },
    ];
  },
};
