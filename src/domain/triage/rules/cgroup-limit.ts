import { type Cgroup, reclaimable } from '../cgroup.ts';
import {
  countFigure,
  growthFigure,
  shareFigure,
  shareWords,
  sizeFigure,
  sizeWords,
} from '../figures.ts';
import { growers } from '../growers.ts';
import type { TriageHistory } from '../history.ts';
import { leakOf, segmentsOf, watchLonger } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Finding, NextCommand } from '../verdict.ts';
import { isIn, largestProcess } from '../victims.ts';

const most = 3;

/** A control group that holds nearly all it may, and could give little of it back. */
export const cgroupLimit: Rule = {
  code: 'cgroup-limit',
  title: 'control group at its limit',
  mechanism: {
    text: 'A control group with a limit is a small machine of its own: page cache and kernel memory that its processes cause count, too. At the limit each allocation first has to reclaim from the group itself; when there is nothing left that can be dropped or swapped, a process of the group is killed, however much memory the machine has free.',
    source:
      'Documentation/admin-guide/cgroup-v2.rst (memory.max, memory.high), Documentation/admin-guide/cgroup-v1/memory.rst',
  },
  find: (history) =>
    history.latest.cgroups
      .flatMap((cgroup) => finding(history, cgroup) ?? [])
      .sort((a, b) => b.weight - a.weight)
      .slice(0, most),
};

function finding(history: TriageHistory, cgroup: Cgroup): Finding | null {
  const bound = boundOf(cgroup, history.latest.memory?.total ?? Infinity);
  if (bound === null) return null;
  const held = cgroup.usage - reclaimable(cgroup);
  const share = held / bound.size;
  if (share < 0.9) return null;
  const before = history.first.cgroups.find(({ path }) => path === cgroup.path);
  const hits = Math.max(0, (cgroup[bound.hits] ?? 0) - (before?.[bound.hits] ?? 0));
  const trend = history.trend((s) => s.cgroups.find(({ path }) => path === cgroup.path)?.usage);
  return {
    severity: share >= 0.98 && hits > 0 ? 'critical' : 'warning',
    subject: { kind: 'cgroup', path: cgroup.path },
    sentence: `${cgroup.path} holds ${shareWords(share)} of the ${sizeWords(bound.size)} that ${bound.name} allows it, and can give little of that back.`,
    figures: [
      sizeFigure('usage', cgroup.usage),
      sizeFigure(bound.name, bound.size),
      sizeFigure('reclaimable', reclaimable(cgroup)),
      shareFigure('held', Math.min(1, share)),
      ...(trend === null ? [] : [growthFigure('growth', trend.slope)]),
      ...(hits > 0 ? [countFigure('times at the limit while watched', hits)] : []),
    ],
    refutedBy:
      'Usage has stood there for days without a kill: it is sized to fit, and nothing grows.',
    next: nextFor(history, cgroup.path),
    weight: Math.min(1, share),
  };
}

interface Bound {
  readonly size: number;
  readonly name: string;
  readonly hits: 'limitHits' | 'highHits';
}

/** The narrower of limit and memory.high; null where neither is below the machine's own memory. */
function boundOf({ limit, high, version }: Cgroup, total: number): Bound | null {
  const hard = limit ?? Infinity;
  const soft = high ?? Infinity;
  if (Math.min(hard, soft) >= total) return null;
  if (soft < hard) return { size: soft, name: 'memory.high', hits: 'highHits' };
  const name = version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
  return { size: hard, name, hits: 'limitHits' };
}

function nextFor(history: TriageHistory, path: string): NextCommand {
  const grower = growers(history).find(({ process }) => isIn(process, path));
  if (grower !== undefined) return leakOf(grower.process.pid);
  const largest = largestProcess(history.latest.processes, path);
  return largest === null ? watchLonger() : segmentsOf(largest.pid);
}
