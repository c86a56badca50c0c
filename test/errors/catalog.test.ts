import { describe, expect, it } from 'vitest';
import { exitCodes, explain, renderFailure } from '../../src/errors/catalog.ts';
import { Failure } from '../../src/errors/failure.ts';
import type { FailureCode, Failures } from '../../src/errors/failure.ts';

/** At least one row per code (the compiler demands it), more where the sentence depends on the facts. */
const samples: { readonly [Code in FailureCode]: readonly [Failures[Code], ...Failures[Code][]] } =
  {
    'usage': [
      { problem: '--top needs a whole number, not ten' },
      { problem: 'no such option --tpo', remedy: 'did you mean --top?' },
    ],
    'no-privilege': [
      { missing: ['CAP_BPF', 'CAP_PERFMON'], forWhat: 'tracing' },
      { missing: [], forWhat: 'tracing the kernel' },
    ],
    'target-missing': [{ pid: 4121 }],
    'process-missing': [{ pid: 4121 }],
    'target-gone': [{ pid: 4121 }],
    'name-missing': [{ name: 'redis' }],
    'name-ambiguous': [{ name: 'nginx', pids: [7, 8, 9] }],
    'kernel-thread': [{ pid: 2, name: 'kthreadd' }],
    'target-32-bit': [{ pid: 12 }],
    'target-emulated': [{ pid: 12, machine: 'aarch64' }],
    'target-unreadable': [{ pid: 12, path: '/proc/12/maps', errno: 'EACCES' }],
    'no-allocator': [
      { pid: 12, looked: ['/bin/app'], runtime: null },
      { pid: 12, looked: ['/bin/app', '/lib/libx.so'], runtime: 'Go' },
      { pid: 12, looked: [], runtime: 'Zig' },
    ],
    'object-unfit': [
      { object: 'libfoo.so', pid: 12, because: 'not-mapped' },
      { object: 'libfoo.so', pid: 12, because: 'no-functions' },
    ],
    'uretprobe-unsafe': [
      { pid: 12, because: 'seccomp' },
      { pid: 12, because: 'shadow-stack' },
      { pid: 12, because: 'go' },
    ],
    'probe-refused': [
      { symbol: 'malloc', path: '/lib/libc.so.6', link: 'session', errno: 'EINVAL' },
      { symbol: 'malloc', path: '/lib/libc.so.6', link: 'perf-event', errno: 'EACCES' },
    ],
    'bpf-load-refused': [
      {
        object: 'heap.bpf.o',
        errno: 'EACCES',
        log: '0: (79) r6 = *(u64 *)(r1 +0)\ninvalid bpf_context access\n',
      },
      { object: 'heap.bpf.o', errno: 'E2BIG', log: '' },
      { object: 'heap.bpf.o', errno: 'EPERM', log: '' },
    ],
    'kernel-lacks': [
      { feature: 'ring buffer', detail: 'it came with 5.8' },
      { feature: 'uprobes', detail: '', remedy: 'leave out --link' },
    ],
    'bpf-forbidden': [
      { call: 'bpf', errno: 'EPERM', isFiltered: true },
      { call: 'perf_event_open', errno: 'EACCES', isFiltered: false },
    ],
    'locked-down': [{ mode: 'confidentiality' }],
    'kernel-memory-refused': [{ map: 'live_blocks', errno: 'ENOMEM' }],
    'command-missing': [{ command: 'app' }, { command: './app' }],
    'command-not-executable': [{ command: './app', errno: 'EACCES' }],
    'not-built': [{ file: 'build/Release/bpf.node' }],
    'library-missing': [{ addon: 'elf', said: 'libcapstone.so.4: cannot open shared object file' }],
    'lossy-report': [
      { losses: ['12 blocks not followed'], command: 'leak' },
      { losses: ['12 × uses-full'], command: 'cache' },
    ],
    'self-test-wrong': [
      { mode: 'tracepoint', expected: '0 hits of 8 pages', measured: '2 hits of 8 pages' },
    ],
    'file-missing': [{ path: '/srv/a' }],
    'file-unreadable': [{ path: '/srv/a', errno: 13 }],
    'file-special': [
      { path: '/run/fifo', what: 'FIFO' },
      { path: '/dev/sda', what: 'block device' },
    ],
    'file-pseudo': [{ path: '/proc/meminfo' }],
    'file-hidden': [{ path: '/etc/passwd' }],
    'file-untold': [
      { path: '/mnt/huge/a', fileSystem: 'hugetlbfs' },
      { path: '/mnt/pmem/a', fileSystem: 'ext4' },
    ],
    'file-failed': [{ path: '/srv/a', errno: 5 }],
    'files-left-out': [{ count: 1 }, { count: 12 }],
    'output-unwritable': [{ errno: 'ENOSPC' }],
  };

const cases = (Object.keys(samples) as FailureCode[]).flatMap((code) =>
  samples[code].map((facts, index) => ({
    name: `${code} ${index + 1}`,
    failure: new Failure(code, facts),
  })),
);

describe('the catalog of failures', () => {
  it.each(cases)('says one sentence and one remedy for $name', ({ failure }) => {
    const text = renderFailure(failure);
    expect(text).toMatch(/^memtrace: [^\n]{12,}\n {2}remedy: [^\n]{8,}\n$/);
    expect(text).not.toMatch(/undefined|null|NaN|\[object|\(\)| {3}|''/);
    const { message, remedy } = explain(failure);
    expect(message).not.toMatch(/[.!]$|\. [A-Z]/);
    expect(remedy).not.toMatch(/[.!]$/);
  });

  it.each(cases)(
    'gives $name an exit code of its own kind, never 0 and never that of a bug',
    ({ failure }) => {
      const { exitCode } = explain(failure);
      expect(Object.values(exitCodes)).toContain(exitCode);
      expect([exitCodes.done, exitCodes.bug]).not.toContain(exitCode);
    },
  );

  it('tells a missing privilege from a missing target and from a kernel that cannot', () => {
    expect(
      explain(new Failure('no-privilege', { missing: ['CAP_BPF'], forWhat: 'tracing' })).exitCode,
    ).toBe(77);
    expect(explain(new Failure('target-missing', { pid: 1 })).exitCode).toBe(66);
    expect(explain(new Failure('kernel-lacks', { feature: 'uprobes', detail: '' })).exitCode).toBe(
      69,
    );
    expect(explain(new Failure('usage', { problem: 'no such option' })).exitCode).toBe(64);
  });

  it.each(['1', 'EPERM', 'object.load heap: errno 1'])('names the error number in %j', (errno) => {
    const failure = new Failure('probe-refused', {
      symbol: 'free',
      path: '/lib/libc.so.6',
      link: 'multi',
      errno,
    });
    expect(explain(failure).message).toMatch(/EPERM\)$/);
  });

  it('remedies capabilities that count for nothing by another place to run', () => {
    const missing = ['CAP_BPF', 'CAP_PERFMON'].map(
      (name) => `${name} in the initial user namespace`,
    );
    const { message, remedy } = explain(
      new Failure('no-privilege', { missing, forWhat: 'tracing' }),
    );
    expect(message).toBe(
      'tracing needs CAP_BPF and CAP_PERFMON in the initial user namespace, which this process does not have',
    );
    expect(remedy).toMatch(/^run it on the host/);
  });
});
