import { sizeWords } from './figures.ts';
import type { ProcessUse } from './process-use.ts';

/** Whether a process is of this group, or of one below it. */
export function isIn({ detail }: ProcessUse, cgroup: string): boolean {
  const path = detail?.cgroup ?? null;
  return path !== null && (cgroup === '/' || path === cgroup || path.startsWith(`${cgroup}/`));
}

/** Whom the OOM killer would take, by what the kernel scores: of a group where one is given. */
export function likeliestVictim(
  processes: readonly ProcessUse[],
  cgroup: string | null,
): ProcessUse | null {
  const scored = processes.flatMap((process) => {
    const { oomScore = null, oomScoreAdj = null } = process.detail ?? {};
    const isMeant = cgroup === null || cgroup === '' || isIn(process, cgroup);
    // Who asks to be the first (memtrace does) is no culprit.
    return oomScore === null || oomScoreAdj === 1000 || !isMeant ? [] : [{ process, oomScore }];
  });
  return scored.toSorted((a, b) => b.oomScore - a.oomScore)[0]?.process ?? null;
}

/** The process with most memory of its own: of a group where one is given. */
export function largestProcess(
  processes: readonly ProcessUse[],
  cgroup: string | null = null,
): ProcessUse | null {
  return (
    processes
      .filter((process) => cgroup === null || isIn(process, cgroup))
      .toSorted((a, b) => b.anonymous - a.anonymous)[0] ?? null
  );
}

export const processWords = ({ command, pid, resident }: ProcessUse): string =>
  `${command}[${pid}] (${sizeWords(resident)} resident)`;
