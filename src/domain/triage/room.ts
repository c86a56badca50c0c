import { type Cgroup, reclaimable } from './cgroup.ts';
import { freeColumns } from './memory.ts';
import type { ProcessUse } from './process-use.ts';
import type { TriageSnapshot } from './snapshot.ts';

/** What is left to a process before somebody is killed. */
export interface Room {
  readonly left: number;
  /** Whose limit it is; null: the machine's. */
  readonly cgroup: Cgroup | null;
}

/** Below a group's limit: what is unused, and what the group could give back. */
export const roomOf = (cgroup: Cgroup): number | null =>
  cgroup.limit === null ? null : Math.max(0, cgroup.limit - cgroup.usage + reclaimable(cgroup));

/** The groups that a process of this one belongs to, and their limits hold for. */
export function groupsAbove(snapshot: TriageSnapshot, path: string): readonly Cgroup[] {
  return snapshot.cgroups.filter(
    (each) => each.path === '/' || each.path === path || path.startsWith(`${each.path}/`),
  );
}

/** The narrowest of the machine's available memory and of the limits above the process; null where nothing is known. */
export function roomFor(snapshot: TriageSnapshot, process: ProcessUse): Room | null {
  const rooms: Room[] = [];
  if (snapshot.memory !== null) {
    const swapFree = snapshot.memory.swapFree;
    rooms.push({ left: freeColumns(snapshot.memory).available + swapFree, cgroup: null });
  }
  // A process that was not looked at yet is at least below what is mounted at the root.
  for (const cgroup of groupsAbove(snapshot, process.detail?.cgroup ?? '/')) {
    const left = roomOf(cgroup);
    if (left !== null) rooms.push({ left, cgroup });
  }
  return rooms.toSorted((a, b) => a.left - b.left)[0] ?? null;
}
