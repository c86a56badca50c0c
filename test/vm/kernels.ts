import type { MachineName } from './machine.ts';

/** By the name that tests require it by, and why it is not there. */
export type Lacks = Readonly<Record<string, string>>;

/** A Debian kernel to test on: the newest that the suite offers as `linux-image-amd64`, or for another machine. */
export interface Kernel {
  readonly name: string;
  readonly archive: 'debian' | 'debian-security';
  readonly suite: string;
  /** What it cannot have. All else must work there. */
  readonly lacks: Lacks;
  /** What it cannot have beside on some machine. */
  readonly lacksOn?: Partial<Record<MachineName, Lacks>>;
  /** What is not proved there, or goes with less, though the kernel has it: sentences for docs/kernels.md, without their full stop. */
  readonly gaps: readonly string[];
}

const noSession = { 'link session': 'uprobe session links came with 6.13' };
const noMulti = { 'link multi': 'uprobe_multi links came with 6.6' };
const fewTracepoints = {
  'btf-tracepoint': 'mm_filemap_fault and its like came with 6.12',
  'tracepoint': 'mm_filemap_fault and its like came with 6.12',
};
const oldGaps = [
  'leaks are traced by perf events of uprobes, which want CAP_SYS_ADMIN: CAP_BPF and CAP_PERFMON alone are refused, in a sentence that says so',
  'which pages a write made dirty (`dirtied`) is compared with no truth: cachestat(2), which tells it, came with 6.5',
];

/** Each long-term kernel of a Debian release, and the newest kernel there is. */
export const kernels: readonly Kernel[] = [
  {
    name: '5.10',
    archive: 'debian-security',
    suite: 'bullseye-security',
    lacks: {
      ...noSession,
      ...noMulti,
      ...fewTracepoints,
      'open paths': 'iterators may call d_path() from 6.1 on',
      'memory by control group': 'tables count as locked memory (ulimit -l) before 5.11',
      'verified instructions': 'the kernel tells them from 5.16 on',
      'returns of many threads':
        'by kprobe, of eight threads that read one file at once on one processor a third of the reads was counted, and the others are told as losses: by fentry they are exact',
    },
    gaps: oldGaps,
  },
  {
    name: '6.1',
    archive: 'debian-security',
    suite: 'bookworm-security',
    lacks: { ...noSession, ...noMulti, ...fewTracepoints },
    lacksOn: {
      aarch64: { fentry: 'functions of the kernel for aarch64 take trampolines from 6.4 on' },
    },
    gaps: oldGaps,
  },
  {
    name: '6.12',
    archive: 'debian-security',
    suite: 'trixie-security',
    lacks: noSession,
    gaps: [],
  },
  {
    name: 'sid',
    archive: 'debian',
    suite: 'sid',
    lacks: {
      'uninterrupted programs':
        'from 7.0 on threads take turns within BPF programs, which are not run for the others meanwhile: where many read at once on one slow processor, what was lost is counted, and their figures are not compared',
    },
    gaps: [],
  },
];

/** For MEMTRACE_REQUIRE: all but what the kernel lacks. */
export const requirementsOf = ({ lacks }: Kernel): string =>
  ['all', ...Object.keys(lacks).map((name) => `-${name}`)].join(',');

/** The kernel as it is on a machine. */
export const kernelOn = (kernel: Kernel, machine: MachineName): Kernel => ({
  ...kernel,
  lacks: { ...kernel.lacks, ...kernel.lacksOn?.[machine] },
});
