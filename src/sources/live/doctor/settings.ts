import { Failure } from '../../../errors/failure.ts';
import type { HostCheck } from './check.ts';

/** The kernel's own types. */
export const kernelTypes: HostCheck = {
  name: 'kernel BTF',
  look: async ({ kernel: { hasBtf } }) =>
    hasBtf
      ? { state: 'ready', found: '/sys/kernel/btf/vmlinux' }
      : {
          state: 'lacking',
          found:
            'none: memtrace cache cannot run, nor leak without a target, and forked children are not followed',
        },
};

/** In confidentiality mode BPF programs may not read memory. */
export const lockdown: HostCheck = {
  name: 'lockdown',
  look: async ({ kernel }) =>
    kernel.lockdown === 'confidentiality'
      ? { state: 'broken', failure: new Failure('locked-down', { mode: kernel.lockdown }) }
      : { state: 'ready', found: kernel.lockdown ?? 'not in this kernel' },
};

/** Classic tracepoints are found by it. */
export const tracefs: HostCheck = {
  name: 'tracefs',
  look: async ({ kernel }) => ({
    state: 'ready',
    found: kernel.tracefs ?? 'not mounted, and not needed by leak',
  }),
};

/** Only where there are no capabilities does it decide. */
export const perfEvents: HostCheck = {
  name: 'perf_event_paranoid',
  look: async ({ kernel: { perfEventParanoid } }) =>
    perfEventParanoid === null
      ? { state: 'lacking', found: 'no perf events in this kernel: perf-event links cannot work' }
      : { state: 'ready', found: `${perfEventParanoid}: no matter with CAP_SYS_ADMIN` },
};
