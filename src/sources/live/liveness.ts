import { readdir } from 'node:fs/promises';

import { Failure } from '../../errors/failure.ts';
import { readStat } from '../../system/stat.ts';

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');

/** True once no thread of the process runs; its leader alone may have ended before the others. */
export async function hasExited(pid: number): Promise<boolean> {
  try {
    const { state } = await readStat(pid);
    if (state !== 'Z' && state !== 'X') return false;
    const threads = await readdir(`/proc/${pid}/task`);
    return threads.length <= 1;
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

/** The process's name as the kernel has it. Errors: Failure `target-gone`. */
export async function commandOf(pid: number): Promise<string> {
  try {
    return (await readStat(pid)).command;
  } catch (error) {
    if (isGone(error)) throw new Failure('target-gone', { pid });
    throw error;
  }
}
