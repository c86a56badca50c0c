import type { ProcessDetail } from '../domain/triage/process-use.ts';
import { bytes, type Bytes, type Milliseconds } from '../domain/units.ts';
import { memoryCgroupOf } from './process-cgroup.ts';
import type { FileTree } from './file-tree.ts';

/** Faults in the text of /proc/PID/stat, since the process began; null where it has another form. */
export function parseFaults(
  text: string,
): { readonly minor: number; readonly major: number } | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [minor, major] = [fields[7], fields[9]];
  return minor === undefined || major === undefined
    ? null
    : { minor: Number(minor), major: Number(major) };
}

/** What of /proc/PID/status says how its memory is made up; null where there is no such line. */
export interface StatusMemory {
  readonly uid: number;
  readonly threads: number;
  readonly anonymous: Bytes | null;
  readonly file: Bytes | null;
  readonly shmem: Bytes | null;
  readonly swap: Bytes | null;
}

export function parseStatusMemory(text: string): StatusMemory {
  const number = (name: string): number | null => {
    const value = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1];
    return value === undefined ? null : Number(value);
  };
  const size = (name: string): Bytes | null => {
    const value = number(name);
    return value === null ? null : bytes(value * 1024);
  };
  return {
    uid: number('Uid') ?? 0,
    threads: number('Threads') ?? 0,
    anonymous: size('RssAnon'),
    file: size('RssFile'),
    shmem: size('RssShmem'),
    swap: size('VmSwap'),
  };
}

/** Proportional share in the text of /proc/PID/smaps_rollup. */
export function parseRollup(text: string): Bytes | null {
  const value = /^Pss:\s+(\d+) kB$/m.exec(text)?.[1];
  return value === undefined ? null : bytes(Number(value) * 1024);
}

/** How a reading goes. */
export interface DetailReading {
  readonly at: Milliseconds;
  /** Also what takes the kernel a walk through its pages; else it is what it was. */
  readonly proportional: boolean;
  /** What was read last; what hardly ever changes is taken from there. */
  readonly before: ProcessDetail | null;
  /** What a control group is called in the report. */
  readonly cgroupName: (path: string) => string;
}

/** Null where the process is gone. */
export function readProcessDetail(
  tree: FileTree,
  pid: number,
  { at, proportional, before, cgroupName }: DetailReading,
): { readonly command: string; readonly detail: ProcessDetail } | null {
  const status = tree.text(`/proc/${pid}/status`);
  if (status === null) return null;
  const stat = tree.text(`/proc/${pid}/stat`) ?? '';
  const { minor, major } = parseFaults(stat) ?? { minor: 0, major: 0 };
  const rollup = proportional ? tree.text(`/proc/${pid}/smaps_rollup`) : null;
  const rate = (now: number, was: number | undefined): number | null =>
    before === null || was === undefined || at <= before.at
      ? null
      : Math.max(0, ((now - was) / (at - before.at)) * 1000);
  const detail: ProcessDetail = {
    at,
    ...parseStatusMemory(status),
    minorFaults: minor,
    majorFaults: major,
    minorFaultRate: rate(minor, before?.minorFaults),
    majorFaultRate: rate(major, before?.majorFaults),
    oomScore: tree.number(`/proc/${pid}/oom_score`),
    oomScoreAdj: before?.oomScoreAdj ?? tree.number(`/proc/${pid}/oom_score_adj`),
    cgroup: before?.cgroup ?? cgroupOf(tree, pid, cgroupName),
    proportional: rollup === null ? (before?.proportional ?? null) : parseRollup(rollup),
  };
  return { command: /^Name:\t(.*)$/m.exec(status)?.[1] ?? '', detail };
}

function cgroupOf(tree: FileTree, pid: number, nameOf: (path: string) => string): string | null {
  const path = memoryCgroupOf(tree.text(`/proc/${pid}/cgroup`) ?? '');
  return path === null ? null : nameOf(path);
}
