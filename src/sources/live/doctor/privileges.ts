import { Failure } from '../../../errors/failure.ts';
import { capabilitiesOf } from '../../../system/capabilities.ts';
import { readStatus } from '../../../system/status.ts';
import { missingForBpf } from '../privileges.ts';
import type { HostCheck } from './check.ts';

/** The capabilities that loading and attaching take. */
export const privileges: HostCheck = {
  name: 'privileges',
  look: async () => {
    const missing = await missingForBpf();
    if (missing.length > 0) {
      return {
        state: 'broken',
        failure: new Failure('no-privilege', { missing, forWhat: 'tracing' }),
      };
    }
    const { effectiveUid, effectiveCapabilities } = await readStatus('self');
    const held = capabilitiesOf(effectiveCapabilities);
    return {
      state: 'ready',
      found: held.has('CAP_SYS_ADMIN')
        ? `user ${effectiveUid}, CAP_SYS_ADMIN`
        : `user ${effectiveUid}, CAP_BPF and CAP_PERFMON`,
    };
  },
};

/** Reading /proc/PID of processes of other users. */
export const otherUsers: HostCheck = {
  name: "others' processes",
  look: async () => {
    const { effectiveCapabilities } = await readStatus('self');
    return capabilitiesOf(effectiveCapabilities).has('CAP_SYS_PTRACE')
      ? { state: 'ready', found: 'CAP_SYS_PTRACE: all can be read' }
      : {
          state: 'lacking',
          found: 'no CAP_SYS_PTRACE: only your own processes can be traced',
          remedy: 'run it with sudo, or add the capability CAP_SYS_PTRACE',
        };
  },
};
