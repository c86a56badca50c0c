import type { Capability } from '../../../system/capabilities.ts';
import { countingCapabilities } from '../privileges.ts';
import type { Finding, HostCheck } from './check.ts';

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
          remedy: 'boot a kernel with CONFIG_DEBUG_INFO_BTF=y',
        },
};

/** In confidentiality mode BPF programs may not read the kernel's memory. */
export const lockdown: HostCheck = {
  name: 'lockdown',
  look: async ({ kernel }) => {
    if (kernel.lockdown === 'confidentiality')
      return {
        state: 'lacking',
        found:
          'confidentiality: memtrace cache cannot run, nor leak without a target, and forked children are not followed',
        remedy: 'boot with lockdown=integrity or lockdown=none',
      };
    if (kernel.lockdown !== null) return { state: 'ready', found: kernel.lockdown };
    return kernel.hidesLockdown
      ? {
          state: 'lacking',
          found: 'cannot be told: securityfs is not mounted',
          remedy: 'mount -t securityfs securityfs /sys/kernel/security',
        }
      : { state: 'ready', found: 'not in this kernel' };
  },
};

/** Classic tracepoints are found by it. */
export const tracefs: HostCheck = {
  name: 'tracefs',
  look: async ({ kernel }) => ({
    state: 'ready',
    found: kernel.tracefs ?? 'not mounted, and not needed by leak',
  }),
};

/** It decides only where there are no capabilities. */
export const perfEvents: HostCheck = {
  name: 'perf_event_paranoid',
  look: async ({ kernel: { perfEventParanoid } }) =>
    perfEventParanoid === null
      ? { state: 'lacking', found: 'no perf events in this kernel: perf-event links cannot work' }
      : ofParanoia(perfEventParanoid, await countingCapabilities()),
};

/** What this level means to who holds these capabilities. */
export function ofParanoia(level: number, held: ReadonlySet<Capability>): Finding {
  if (held.has('CAP_SYS_ADMIN'))
    return { state: 'ready', found: `${level}: no matter with CAP_SYS_ADMIN` };
  const others = held.has('CAP_PERFMON')
    ? 'no matter with CAP_PERFMON'
    : 'it holds for this process, which lacks CAP_PERFMON';
  return {
    state: 'lacking',
    found: `${level}: ${others}; perf-event uprobes take CAP_SYS_ADMIN at any level`,
  };
}
