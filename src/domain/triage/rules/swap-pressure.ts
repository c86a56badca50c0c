import { rateFigures, swappedWords } from '../swap-words.ts';
import { sizeFigure, sizeWords } from '../figures.ts';
import { growers } from '../growers.ts';
import type { TriageHistory } from '../history.ts';
import { leakOf, segmentsOf } from '../next.ts';
import type { Rule } from '../rule.ts';
import { type Swapping, swapping } from '../swapping.ts';
import type { Finding, NextCommand } from '../verdict.ts';
import { largestProcess } from '../victims.ts';

/** Pages go to swap because the machine, or a control group, has too few. */
export const swapPressure: Rule = {
  code: 'swap-pressure',
  title: 'swapping, for want of memory',
  mechanism: {
    text: 'Memory without a file behind it can only be freed by writing it to swap. When reclaim finds too little page cache, the kernel swaps out what was not used for longest. Used swap by itself is harmless; pages that come back soon after they left are what makes programs wait.',
    source:
      'Documentation/admin-guide/sysctl/vm.rst (swappiness), Documentation/admin-guide/mm/concepts.rst (reclaim)',
  },
  find: (history) => {
    const found = swapping(history);
    return found?.cause === 'pressure' || found?.cause === 'cgroup'
      ? [finding(history, found)]
      : [];
  },
};

function finding(history: TriageHistory, found: Swapping): Finding {
  const { cgroup } = found;
  const full = history.latest.pressure.memory?.full?.avg10 ?? 0;
  const path = cgroup?.path ?? null;
  const why =
    path === null
      ? 'memory is short'
      : `the limit of ${path} is reached, though the machine has more`;
  return {
    severity: (found.in > 1000 && full > 10) || full > 20 ? 'critical' : 'warning',
    subject: path === null ? { kind: 'host' } : { kind: 'cgroup', path },
    sentence: `Pages are swapped because ${why}: ${sizeWords(found.used)} are in swap${swappedWords(found)}.`,
    figures: [
      ...rateFigures(history, found),
      ...(cgroup === null ? [] : [sizeFigure('in swap of the group', cgroup.swap ?? 0)]),
    ],
    refutedBy: 'Nothing comes back (swap-in stays 0): what was swapped out was not needed.',
    next: nextFor(history, path),
    weight: Math.min(1, (found.in + found.out) / 20_000),
  };
}

function nextFor(history: TriageHistory, cgroup: string | null): NextCommand | null {
  const [fastest] = growers(history);
  if (fastest !== undefined) return leakOf(fastest.process.pid);
  const largest = largestProcess(history.latest.processes, cgroup);
  return largest === null ? null : segmentsOf(largest.pid);
}
