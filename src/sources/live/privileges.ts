import { readFile } from 'node:fs/promises';
import { Failure } from '../../errors/failure.ts';
import { readLockdown } from '../../system/kernel-facts.ts';
import { capabilitiesOf, type Capability, knowsCapability } from '../../system/capabilities.ts';
import { readStatus } from '../../system/status.ts';

/**
 * What loading the programs needs and this process lacks; empty where nothing. CAP_BPF and CAP_PERFMON do where the kernel
 * has them (5.8), also for multi and session links; perf-event links were refused without CAP_SYS_ADMIN wherever that was tried
 * (6.1, 6.18). Elsewhere there is only CAP_SYS_ADMIN. In a user namespace of one's own no capability counts for BPF.
 */
export async function missingForBpf(): Promise<string[]> {
  const { effectiveCapabilities } = await readStatus('self');
  return missingOf(
    capabilitiesOf(effectiveCapabilities),
    await knowsCapability('CAP_BPF'),
    await inInitialNamespace(),
  );
}

/** The same for perf events, where nothing is missing for BPF. */
export async function missingForPerfEvents(): Promise<string[]> {
  return (await countingCapabilities()).has('CAP_SYS_ADMIN') ? [] : ['CAP_SYS_ADMIN'];
}

/** The capabilities that count for BPF and perf events: in a user namespace of one's own none. */
export async function countingCapabilities(): Promise<Set<Capability>> {
  const { effectiveCapabilities } = await readStatus('self');
  return (await inInitialNamespace()) ? capabilitiesOf(effectiveCapabilities) : new Set();
}

async function inInitialNamespace(): Promise<boolean> {
  const uidMap = await readFile('/proc/self/uid_map', 'utf8').catch(() => null);
  return uidMap === null || isInitialNamespace(uidMap);
}

/** The rule behind `missingForBpf`. */
export function missingOf(
  held: ReadonlySet<Capability>,
  isSplit: boolean,
  initialNamespace: boolean,
): string[] {
  const needed: Capability[] = isSplit ? ['CAP_BPF', 'CAP_PERFMON'] : ['CAP_SYS_ADMIN'];
  if (!initialNamespace)
    return needed.map((capability) => `${capability} in the initial user namespace`);
  return held.has('CAP_SYS_ADMIN') ? [] : needed.filter((capability) => !held.has(capability));
}

/** Whether /proc/self/uid_map is the one of the initial user namespace. */
export function isInitialNamespace(uidMap: string): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(uidMap);
}

/** Errors: Failure `no-privilege`. */
export async function requirePrivileges(forWhat: string): Promise<void> {
  const missing = await missingForBpf();
  if (missing.length > 0) throw new Failure('no-privilege', { missing, forWhat });
}

/** Of what reads the kernel's own memory. Errors: Failure `no-privilege`; `locked-down` where no privilege helps. */
export async function requireKernelReads(forWhat: string): Promise<void> {
  await requirePrivileges(forWhat);
  const lockdown = await readLockdown();
  if (lockdown === 'confidentiality') throw new Failure('locked-down', { mode: lockdown });
}
