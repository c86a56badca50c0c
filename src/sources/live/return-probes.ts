import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { builtFile } from '../../native/addon.ts';
import { isAtLeast, type KernelRelease, runningKernel } from '../../system/kernel-release.ts';
import { type ProcessStatus, readStatus } from '../../system/status.ts';

const run = promisify(execFile);

/** Whether this kernel shows the system call of a return probe to seccomp filters, which then kill or fail the call. */
export type SeccompVerdict = 'safe' | 'filtered';

let verdict: Promise<SeccompVerdict> | undefined;

/**
 * Asks the kernel by trying it (native/gate/uretprobe_check.c), once; by its version where that gives no answer. Where it is
 * `filtered`, a process that installs a filter later, or a child that does, is as much in danger.
 */
export function seccompVerdict(): Promise<SeccompVerdict> {
  verdict ??= trySeccomp().then((tried) => tried ?? verdictByVersion(runningKernel()));
  return verdict;
}

/** The verdict by version: the system call came with 6.11, its pass-through with 6.14, 6.13.3 and 6.12.14. */
export function verdictByVersion(kernel: KernelRelease): SeccompVerdict {
  if (!isAtLeast(kernel, 6, 11) || isAtLeast(kernel, 6, 14)) return 'safe';
  const fixed = kernel.minor === 12 ? 14 : kernel.minor === 13 ? 3 : Infinity;
  return kernel.patch >= fixed ? 'safe' : 'filtered';
}

async function trySeccomp(): Promise<SeccompVerdict | null> {
  const program = builtFile('build/Release/memtrace-uretprobe-check');
  const exitCode = await run(program).then(
    () => 0,
    (error: { readonly code?: number | string }) => error.code,
  );
  return exitCode === 0 ? 'safe' : exitCode === 1 ? 'filtered' : null;
}

/** Why return probes would harm a process; null where they would not. A filter or shadow stack of any thread counts. */
export async function returnProbeDanger(pid: number): Promise<'seccomp' | 'shadow-stack' | null> {
  const threads = await readThreads(pid);
  return dangerOf(threads, runningKernel(), await seccompVerdict());
}

/**
 * The rule behind `returnProbeDanger`. Shadow stacks came with 6.6; return probes rewrite them too since 6.11
 * ("x86/shstk: Make return uprobe work with shadow stack").
 */
export function dangerOf(
  threads: readonly Pick<ProcessStatus, 'seccomp' | 'threadFeatures'>[],
  kernel: KernelRelease,
  seccomp: SeccompVerdict,
): 'seccomp' | 'shadow-stack' | null {
  if (seccomp === 'filtered' && threads.some((thread) => thread.seccomp !== 'none'))
    return 'seccomp';
  const shadowed = threads.some((thread) => thread.threadFeatures.includes('shstk'));
  return shadowed && !isAtLeast(kernel, 6, 11) ? 'shadow-stack' : null;
}

async function readThreads(pid: number): Promise<ProcessStatus[]> {
  const tids = await readdir(`/proc/${pid}/task`);
  const read = await Promise.all(tids.map((tid) => readStatus(Number(tid)).catch(() => null)));
  return read.filter((status) => status !== null);
}
