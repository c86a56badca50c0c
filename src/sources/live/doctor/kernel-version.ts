import { isAtLeast } from '../../../system/kernel-release.ts';
import type { HostCheck } from './check.ts';

/** Nothing is decided by it: what the kernel can do is tried, by the other checks. */
export const kernelVersion: HostCheck = {
  name: 'kernel',
  look: async ({ kernel: { release } }) => {
    const found = `Linux ${release.text} ${process.arch === 'x64' ? 'x86_64' : process.arch}`;
    return isAtLeast(release, 5, 10)
      ? { state: 'ready', found }
      : { state: 'lacking', found: `${found}: memtrace is tested from 5.10 on` };
  },
};
