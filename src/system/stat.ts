import { readFile } from 'node:fs/promises';

/** What memtrace needs of /proc/PID/stat. */
export interface ProcessStat {
  readonly pid: number;
  /** At most 15 bytes, as the kernel has it: it may hold spaces and parentheses. */
  readonly command: string;
  /** `R` running, `S` sleeping, `Z` zombie, `X` dead … */
  readonly state: string;
  readonly parent: number;
  readonly kernelThread: boolean;
  /** Clock ticks since boot: with the pid it names a process for good. */
  readonly startTime: bigint;
}

// include/linux/sched.h: PF_KTHREAD
const kernelThreadFlag = 0x0020_0000;

/** Fields of the text of /proc/PID/stat. Errors: Error where it has another form. */
export function parseStat(text: string): ProcessStat {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const rest = text.slice(close + 2).split(' ');
  const [state, parent, , , , , flags] = rest;
  const startTime = rest[19];
  if (open < 0 || close < open || state === undefined || startTime === undefined) {
    throw new Error(`/proc/PID/stat of an unknown form: ${text.slice(0, 80)}`);
  }
  return {
    pid: Number(text.slice(0, open)),
    command: text.slice(open + 1, close),
    state,
    parent: Number(parent),
    kernelThread: (Number(flags) & kernelThreadFlag) !== 0,
    startTime: BigInt(startTime),
  };
}

/** Stat of a process. Errors: those of reading the file (ENOENT, ESRCH). */
export async function readStat(pid: number): Promise<ProcessStat> {
  return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
}
