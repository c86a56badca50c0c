import { Failure } from '../../../errors/failure.ts';
import { isAtLeast } from '../../../system/kernel-release.ts';
import type { HostCheck } from './check.ts';

/** The ring buffer came with 5.8; what is older than 5.10 is not tested. */
export const kernelVersion: HostCheck = {
  name: 'kernel',
  look: async ({ kernel: { release } }) => {
    if (!isAtLeast(release, 5, 8)) {
      return {
        state: 'broken',
        failure: new Failure('kernel-lacks', {
          feature: 'BPF ring buffer',
          detail: `it is ${release.text}, and 5.8 brought it`,
        }),
      };
    }
    const found = `Linux ${release.text} ${process.arch === 'x64' ? 'x86_64' : process.arch}`;
    return isAtLeast(release, 5, 10)
      ? { state: 'ready', found }
      : { state: 'lacking', found: `${found}: memtrace is tested from 5.10 on` };
  },
};
