import { release } from 'node:os';

/** The kernel's version, as far as it decides anything. */
export interface KernelRelease {
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** e.g. `6.12.14-1-amd64`; absent or odd parts count as 0. */
export function parseRelease(text: string): KernelRelease {
  const [, major = '0', minor = '0', patch = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return { text, major: Number(major), minor: Number(minor), patch: Number(patch) };
}

export const runningKernel = (): KernelRelease => parseRelease(release());

/** Whether `kernel` is the version given or a later one. */
export function isAtLeast(kernel: KernelRelease, major: number, minor: number, patch = 0): boolean {
  return (kernel.major - major || kernel.minor - minor || kernel.patch - patch) >= 0;
}
