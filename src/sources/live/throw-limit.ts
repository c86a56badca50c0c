import { readFile } from 'node:fs/promises';

/** The kernel refuses an allocation that exceeds memory and swap; allocators ask for a little more than they are asked for. */
const share = 0.9;
const neverOvercommits = 2;

/**
 * The size from which an `operator new` of these processes may fail, and so throw: 0 where any size may, because the address
 * space is limited or the kernel does not overcommit.
 */
export async function throwsFromBytes(pids: readonly number[]): Promise<number> {
  const overcommit = Number(await readFile('/proc/sys/vm/overcommit_memory', 'utf8'));
  if (overcommit === neverOvercommits) return 0;
  const limits = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/limits`, 'utf8').catch(() => '')),
  );
  if (limits.some(isLimited)) return 0;
  const meminfo = await readFile('/proc/meminfo', 'utf8');
  const kibibytes = (name: string) =>
    Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(meminfo)?.[1]);
  return Math.floor((kibibytes('MemTotal') + kibibytes('SwapTotal')) * 1024 * share);
}

/** Whether the text of /proc/PID/limits bounds the address space or the data segment. */
export const isLimited = (text: string): boolean =>
  /^Max (?:address space|data size) +\d/m.test(text);
