import { access, readFile } from 'node:fs/promises';
import { type KernelRelease, runningKernel } from './kernel-release.ts';

/** What the running kernel and its settings say about tracing; null where it does not say. */
export interface KernelFacts {
  readonly release: KernelRelease;
  /** Its own types are readable: /sys/kernel/btf/vmlinux. */
  readonly hasBtf: boolean;
  readonly lockdown: 'none' | 'integrity' | 'confidentiality' | null;
  /** securityfs, which would tell it, is not mounted: `lockdown` is null and means nothing. */
  readonly hidesLockdown: boolean;
  readonly unprivilegedBpfDisabled: number | null;
  readonly perfEventParanoid: number | null;
  /** Where tracefs is mounted. */
  readonly tracefs: string | null;
}

/** The chosen word in brackets of /sys/kernel/security/lockdown: `none [integrity] confidentiality`. */
export function parseLockdown(text: string): KernelFacts['lockdown'] {
  const chosen = /\[(\w+)\]/.exec(text)?.[1];
  return chosen === 'none' || chosen === 'integrity' || chosen === 'confidentiality'
    ? chosen
    : null;
}

/** Mount point of the first file system of this type in the text of /proc/self/mounts. */
export function mountOf(type: string, mounts: string): string | null {
  const row = mounts.split('\n').find((line) => line.split(' ')[2] === type);
  return row?.split(' ')[1]?.replaceAll('\\040', ' ') ?? null;
}

/** What `lockdown` of the facts is. */
export async function readLockdown(): Promise<KernelFacts['lockdown']> {
  const text = await readOrNull('/sys/kernel/security/lockdown');
  return text === null ? null : parseLockdown(text);
}

/** Reads them all; what cannot be read is null. */
export async function readKernelFacts(): Promise<KernelFacts> {
  const [hasBtf, hasSecurityfs, lockdown, bpf, paranoid, mounts] = await Promise.all([
    exists('/sys/kernel/btf/vmlinux'),
    exists('/sys/kernel/security'),
    readLockdown(),
    readOrNull('/proc/sys/kernel/unprivileged_bpf_disabled'),
    readOrNull('/proc/sys/kernel/perf_event_paranoid'),
    readOrNull('/proc/self/mounts'),
  ]);
  return {
    release: runningKernel(),
    hasBtf,
    lockdown,
    hidesLockdown: hasSecurityfs && mountOf('securityfs', mounts ?? '') === null,
    unprivilegedBpfDisabled: bpf === null ? null : Number(bpf),
    perfEventParanoid: paranoid === null ? null : Number(paranoid),
    tracefs: mounts === null ? null : mountOf('tracefs', mounts),
  };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const readOrNull = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch(() => null);
