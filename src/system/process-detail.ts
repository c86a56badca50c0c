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

/** Null where the process is gone. `proportional`: also what takes the kernel a walk through its pages. */
export function readProcessDetail(
  tree: FileTree,
  pid: number,
  at: Milliseconds,
  proportional: boolean,
): ProcessDetail | null {
  const status = tree.text(`/proc/${pid}/status`);
  if (status === null) return null;
  const stat = tree.text(`/proc/${pid}/stat`);
  const faults = stat === null ? null : parseFaults(stat);
  const rollup = proportional ? tree.text(`/proc/${pid}/smaps_rollup`) : null;
  const cgroups = tree.text(`/proc/${pid}/cgroup`);
  return {
    at,
    ...parseStatusMemory(status),
    minorFaults: faults?.minor ?? 0,
    majorFaults: faults?.major ?? 0,
    oomScore: tree.number(`/proc/${pid}/oom_score`),
    oomScoreAdj: tree.number(`/proc/${pid}/oom_score_adj`),
    cgroup: cgroups === null ? null : memoryCgroupOf(cgroups),
    proportional: rollup === null ? null : parseRollup(rollup),
  };
}
