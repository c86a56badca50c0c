import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';

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

/** Resolves when all of the processes have exited or `over` is aborted. Looks every `everyMs`. */
export async function allExited(
  pids: readonly number[],
  over: AbortSignal,
  everyMs = 250,
): Promise<void> {
  while (!over.aborted) {
    const exited = await Promise.all(pids.map(hasExited));
    if (exited.every(Boolean)) return;
    await setTimeout(everyMs, undefined, { ref: false });
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
