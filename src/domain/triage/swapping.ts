import type { Cgroup } from './cgroup.ts';
import { freeColumns } from './memory.ts';
import type { TriageHistory } from './history.ts';
import type { ProcessUse } from './process-use.ts';
import type { NumaNode, Zone } from './snapshot.ts';

/** Pages per second, at least. */
const leastRate = 50;
const leastSteps = 3;

/** What moves to and from swap within the window. */
export interface Swapping {
  /** Pages per second. */
  readonly out: number;
  readonly in: number;
  readonly used: number;
  /** Why pages leave memory. */
  readonly cause: 'cgroup' | 'node' | 'pressure' | 'swappiness';
  readonly cgroup: Cgroup | null;
  /** The node that has none left, and the one that has most free. */
  readonly full: NumaNode | null;
  readonly roomy: NumaNode | null;
  /** Those with most in swap. */
  readonly swapped: readonly ProcessUse[];
}

/** Null while nothing moves, or hardly anything. */
export function swapping(history: TriageHistory): Swapping | null {
  const { latest, snapshots } = history;
  if (latest.memory === null || snapshots.length <= leastSteps) return null;
  // What zswap takes does not reach the device, and is counted apart.
  const out = (history.rate('swappedOut') ?? 0) + (history.rate('zswappedOut') ?? 0);
  const back = (history.rate('swappedIn') ?? 0) + (history.rate('zswappedIn') ?? 0);
  if (out < leastRate && back < leastRate) return null;
  const cgroup = limited(history, out);
  const nodes = imbalance(history);
  return {
    out,
    in: back,
    used: latest.memory.swapTotal - latest.memory.swapFree,
    cause: cgroup !== null ? 'cgroup' : nodes !== null ? 'node' : hostCause(history),
    cgroup,
    full: nodes?.full ?? null,
    roomy: nodes?.roomy ?? null,
    swapped: swappedProcesses(latest.processes),
  };
}

/** With much page cache to reclaim instead, it is a matter of preference. */
function hostCause({ latest }: TriageHistory): 'pressure' | 'swappiness' {
  if (latest.memory === null) return 'pressure';
  const { available, total } = freeColumns(latest.memory);
  return available > total * 0.25 ? 'swappiness' : 'pressure';
}

/** The deepest group at its limit whose swap grew by most of what was swapped out. */
function limited({ first, latest, span }: TriageHistory, out: number): Cgroup | null {
  const before = new Map(first.cgroups.map(({ path, swap }) => [path, swap]));
  const size = (out * latest.host.pageSize * span) / 1000;
  const found = latest.cgroups.filter(({ path, limit, high, usage, swap }) => {
    const bound = Math.min(limit ?? Infinity, high ?? Infinity);
    const growth = (swap ?? 0) - (before.get(path) ?? swap ?? 0);
    return usage >= bound * 0.9 && growth >= size * 0.5 && size > 0;
  });
  return found.toSorted((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/** A node below its watermarks while another one has plenty. */
function imbalance({ latest }: TriageHistory) {
  const isShort = (node: NumaNode) =>
    latest.zones.some(
      (zone) => zone.node === node.id && isLarge(zone) && zone.free < zone.high * 2,
    );
  const full = latest.nodes.find(isShort);
  const roomy = latest.nodes
    .filter((node) => node.free > node.total * 0.2 && !isShort(node))
    .toSorted((a, b) => b.free - a.free)[0];
  return full === undefined || roomy === undefined ? null : { full, roomy };
}

const isLarge = ({ name }: Zone): boolean => name !== 'DMA' && name !== 'DMA32';

/** Those with most in swap, the most first. */
export function swappedProcesses(processes: readonly ProcessUse[]): readonly ProcessUse[] {
  return processes
    .filter(({ detail }) => (detail?.swap ?? 0) > 0)
    .toSorted((a, b) => (b.detail?.swap ?? 0) - (a.detail?.swap ?? 0))
    .slice(0, 3);
}
