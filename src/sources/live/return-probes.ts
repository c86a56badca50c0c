import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { builtFile } from '../../native/addon.ts';
import { kernelHasFunction } from '../../system/kallsyms.ts';
import { type ProcessStatus, readStatus } from '../../system/status.ts';

const run = promisify(execFile);

/** Whether this kernel shows the system call of a return probe to seccomp filters, which then kill or fail the call. */
export type SeccompVerdict = 'safe' | 'filtered';

let verdict: Promise<SeccompVerdict> | undefined;

/**
 * Asks the kernel by trying it (native/gate/uretprobe_check.c), once. Where that gives no answer a kernel that has the system
 * call counts as one that shows it, and so does one that does not tell. Where it is `filtered`, a process that installs a
 * filter later, or a child that does, is as much in danger.
 */
export function seccompVerdict(): Promise<SeccompVerdict> {
  verdict ??= trySeccomp().then(async (tried) => tried ?? (await verdictUntried()));
  return verdict;
}

/** The system call came with 6.11. */
const verdictUntried = async (): Promise<SeccompVerdict> =>
  (await kernelHasFunction('__x64_sys_uretprobe')) === false ? 'safe' : 'filtered';

async function trySeccomp(): Promise<SeccompVerdict | null> {
  const program = builtFile('build/Release/memtrace-uretprobe-check');
  const exitCode = await run(program).then(
    () => 0,
    (error: { readonly code?: number | string }) => error.code,
  );
  return exitCode === 0 ? 'safe' : exitCode === 1 ? 'filtered' : null;
}

/** Why return probes would harm a process; null where they would not. A filter or shadow stack of any thread counts. */
export async function returnProbeDanger(pid: number): Promise<Danger | null> {
  const threads = await readThreads(pid);
  if (hasFilter(threads) && (await seccompVerdict()) === 'filtered') return 'seccomp';
  return hasShadowStack(threads) && !(await mendsShadowStacks()) ? 'shadow-stack' : null;
}

type Danger = 'seccomp' | 'shadow-stack';
type Threads = readonly Pick<ProcessStatus, 'seccomp' | 'threadFeatures'>[];

export const hasFilter = (threads: Threads): boolean =>
  threads.some(({ seccomp }) => seccomp !== 'none');

export const hasShadowStack = (threads: Threads): boolean =>
  threads.some(({ threadFeatures }) => threadFeatures.includes('shstk'));

/** Return probes rewrite them too by this function ("x86/shstk: Make return uprobe work with shadow stack", 6.11). */
const mendsShadowStacks = async (): Promise<boolean> =>
  (await kernelHasFunction('shstk_update_last_frame')) === true;

async function readThreads(pid: number): Promise<ProcessStatus[]> {
  const tids = await readdir(`/proc/${pid}/task`);
  const read = await Promise.all(tids.map((tid) => readStatus(Number(tid)).catch(() => null)));
  return read.filter((status) => status !== null);
}
