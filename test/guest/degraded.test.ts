import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Diagnosis } from '../../src/cli/doctor/diagnosis.ts';
import { buildTarget } from '../support/build-target.ts';
import { type Outcome, runMemtrace, Tracer } from '../support/memtrace.ts';
import { asNobody } from '../support/nobody.ts';
import { keptBy } from '../support/report.ts';
import { Target } from '../support/run-target.ts';
import { isLacking } from './guest.ts';

const family = buildTarget('family.c', 'dynamic') ?? '';

/** Runs what follows with less of the system than there is. */
const hiding = (script: string): readonly string[] => [
  ...'unshare --mount --propagation private sh -c'.split(' '),
  `${script} && exec "$0" "$@"`,
];
const withoutTracefs = hiding('umount /sys/kernel/tracing');
const withoutBtf = hiding('mount -t tmpfs tmpfs /sys/kernel/btf');

/** Perf events of uprobes are told by sysfs, and older ones by tracefs. */
const withoutUprobeEvents = hiding(
  'mount -t tmpfs tmpfs /sys/bus/event_source/devices && mount -t tmpfs tmpfs /sys/kernel/tracing',
);

async function rowOf(name: string, wrapper: readonly string[]): Promise<unknown> {
  const { stdout } = await runMemtrace(['doctor', '--format', 'json'], { wrapper });
  const { diagnoses } = JSON.parse(stdout) as { readonly diagnoses: readonly Diagnosis[] };
  return diagnoses[0]?.rows.find((row) => row.name === name);
}

const oneSentence = ({ stderr }: Outcome): void =>
  expect(stderr).toMatch(/^memtrace: [^\n]+\n {2}remedy: [^\n]+\n$/);

let target: Target;
beforeEach(async () => {
  target = await Target.start([family]);
});
afterEach(() => target.kill());

describe('on this kernel, without tracefs', () => {
  test('leaks are traced all the same', async () => {
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1'], { wrapper: withoutTracefs });
    await target.run('by_malloc_small', 3);
    expect(keptBy(await tracer.stop(), 'by_malloc_small')).toEqual({ bytes: 300, blocks: 3 });
  });

  test('cache by classic tracepoints says what to mount', async () => {
    const outcome = await runMemtrace(['cache', '--mode', 'tracepoint', '0.1', '1'], {
      wrapper: withoutTracefs,
    });
    oneSentence(outcome);
    if (!isLacking('tracepoint')) expect(outcome.stderr).toContain('mount -t tracefs');
    expect(outcome.code).toBe(69);
  });

  test('cache goes by another mode', async () => {
    const { code, stderr } = await runMemtrace(['cache', '0.1', '1'], { wrapper: withoutTracefs });
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
});

describe('on this kernel, without perf events of uprobes', () => {
  const leak = ['leak', '0.1', '1', '-p'];

  test('links by them are said to be none', async () => {
    const outcome = await runMemtrace([...leak, `${target.pid}`, '--link', 'perf-event'], {
      wrapper: withoutUprobeEvents,
    });
    oneSentence(outcome);
    expect(outcome.stderr).toContain('no perf-event uprobes');
    expect(outcome.code).toBe(69);
  });

  test('leaks are traced by other links, or it is said what the kernel is to have', async () => {
    const { code, stderr } = await runMemtrace([...leak, `${target.pid}`], {
      wrapper: withoutUprobeEvents,
    });
    const isNeeded = isLacking('link multi');
    expect({ code, stderr }).toEqual({
      code: isNeeded ? 69 : 0,
      stderr: isNeeded
        ? expect.stringMatching(/no uprobes.*\n {2}remedy: .*CONFIG_UPROBE_EVENTS/)
        : expect.any(String),
    });
  });
});

describe('on this kernel, without its BTF', () => {
  test('leaks are traced, and the report says that forks are not followed', async () => {
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1'], { wrapper: withoutBtf });
    await target.run('by_malloc_small', 3);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_malloc_small')).toEqual({ bytes: 300, blocks: 3 });
    expect(report.notices.map(({ code }) => code)).toContain('forks-unseen');
  });

  test.for([{ command: ['cache', '0.1', '1'] }, { command: ['leak', '0.1', '1'] }])(
    '$command says so in a sentence',
    async ({ command }) => {
      const outcome = await runMemtrace(command, { wrapper: withoutBtf });
      oneSentence(outcome);
      expect(outcome.stderr).toMatch(
        /^memtrace: this kernel has no BTF of its own .*\n {2}remedy: .*CONFIG_DEBUG_INFO_BTF=y\n$/,
      );
      expect(outcome.code).toBe(69);
    },
  );

  test.for(['kernel BTF', 'memtrace cache'])('doctor says so of %s', async (name) => {
    expect(await rowOf(name, withoutBtf)).toMatchObject({
      state: 'lacking',
      remedy: 'boot a kernel with CONFIG_DEBUG_INFO_BTF=y',
    });
  });
});

/** Numbers of the system calls. */
const calls = { x64: { bpf: '321', perf: '298' }, arm64: { bpf: '280', perf: '241' } }[
  process.arch as 'x64' | 'arm64'
];
const refusing = (errno: number, call: keyof typeof calls): readonly string[] => [
  buildTarget('refuse.c', 'dynamic') ?? '',
  `${errno}`,
  calls[call],
  '--',
];

describe('on this kernel, without bpf()', () => {
  const commands = [
    () => ['leak', '-p', `${target.pid}`, '0.1', '1'],
    () => ['leak', '0.1', '1'],
    () => ['cache', '0.1', '1'],
  ];
  const ways = [
    {
      why: 'a filter forbids it',
      wrapper: refusing(1, 'bpf'),
      says: /the kernel refuses the system call bpf \(EPERM\).*seccomp filter.*\n {2}remedy: run it on the host/,
      failure: 'bpf-forbidden',
      code: 77,
    },
    {
      why: 'it is not there',
      wrapper: refusing(38, 'bpf'),
      says: /this kernel has no system call bpf \(ENOSYS\).*\n {2}remedy: .*CONFIG_BPF_SYSCALL=y/,
      failure: 'kernel-lacks',
      code: 69,
    },
  ];

  test.for(ways.flatMap((way) => commands.map((command) => ({ ...way, command }))))(
    'since $why, it is said',
    async ({ command, wrapper, says, code }) => {
      const outcome = await runMemtrace(command(), { wrapper });
      oneSentence(outcome);
      expect(outcome.stderr).toMatch(says);
      expect(outcome.code).toBe(code);
    },
  );

  test.for(ways)('since $why, doctor says so, and never to ask doctor', async (way) => {
    const { stdout, code } = await runMemtrace(['doctor', '--format', 'json'], way);
    const { diagnoses } = JSON.parse(stdout) as { readonly diagnoses: readonly Diagnosis[] };
    const rows = diagnoses[0]?.rows ?? [];
    const told = rows.filter(({ failure }) => failure !== null);
    expect(told.map(({ name, failure }) => ({ name, failure }))).toEqual(
      ['uprobes', 'raw tracepoint, ring', 'leak programs', 'memtrace cache'].map((name) => ({
        name,
        failure: way.failure,
      })),
    );
    expect(stdout).not.toContain('memtrace doctor');
    expect(code).toBe(way.code);
  });
});

describe('on this kernel, without perf_event_open()', () => {
  test('links by it are said to be forbidden', async () => {
    const args = ['leak', '-p', `${target.pid}`, '0.1', '1', '--link', 'perf-event'];
    const outcome = await runMemtrace(args, { wrapper: refusing(1, 'perf') });
    oneSentence(outcome);
    expect(outcome.stderr).toMatch(/the kernel refuses the system call perf_event_open \(EPERM\)/);
    expect(outcome.code).toBe(77);
  });
});

describe('on this kernel, without the initial user namespace', () => {
  const wrapper = ['unshare', '--user', '--map-root-user'];

  test.for([{ command: ['leak', '0.1', '1'] }, { command: ['cache', '0.1', '1'] }])(
    '$command is to be run on the host',
    async ({ command }) => {
      const outcome = await runMemtrace(command, { wrapper });
      oneSentence(outcome);
      expect(outcome.stderr).toMatch(
        /needs CAP_\w+( and CAP_\w+)? in the initial user namespace,.*\n {2}remedy: run it on the host/,
      );
      expect(outcome.code).toBe(77);
    },
  );

  test('doctor does not say that a capability counts', async () => {
    expect(await rowOf('perf_event_paranoid', wrapper)).toMatchObject({ state: 'lacking' });
  });
});

describe('on this kernel, without securityfs', () => {
  test('doctor says that it cannot tell of a lockdown', async () => {
    const wrapper = hiding('(umount /sys/kernel/security || true) 2>/dev/null');
    expect(await rowOf('lockdown', wrapper)).toMatchObject({
      state: 'lacking',
      found: expect.stringContaining('cannot be told: securityfs is not mounted'),
    });
  });
});

describe('on this kernel, without privileges', () => {
  test.for([
    { command: ['leak', '-p', `${process.pid}`, '0.1', '1'] },
    { command: ['cache', '0.1', '1'] },
  ])('$command names the capabilities', async ({ command }) => {
    const outcome = await runMemtrace(command, { wrapper: asNobody() });
    oneSentence(outcome);
    expect(outcome.stderr).toContain('CAP_BPF');
    expect(outcome.code).toBe(77);
  });

  test('CAP_BPF and CAP_PERFMON are enough for the page cache', async () => {
    const { code, stderr } = await runMemtrace(['cache', '0.1', '1'], {
      wrapper: asNobody('bpf', 'perfmon'),
    });
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
});

describe('on this kernel, without the right to read tracefs', () => {
  const cache = ['cache', '--mode', 'tracepoint', '0.1', '1'];

  test('cache by classic tracepoints names the capability', async () => {
    const outcome = await runMemtrace(cache, { wrapper: asNobody('bpf', 'perfmon') });
    oneSentence(outcome);
    if (!isLacking('tracepoint')) expect(outcome.stderr).toContain('CAP_DAC_READ_SEARCH');
    expect(outcome.code).toBe(isLacking('tracepoint') ? 69 : 77);
  });

  test('that capability is enough, where perf events want no more', async () => {
    // Debian has a level of its own, which leaves them to CAP_SYS_ADMIN.
    const isAboveAll = Number(readFileSync('/proc/sys/kernel/perf_event_paranoid', 'utf8')) > 2;
    const { code, stderr } = await runMemtrace(cache, {
      wrapper: asNobody('bpf', 'perfmon', 'dac_read_search'),
    });
    const denied = { code: 77, stderr: expect.stringContaining('CAP_SYS_ADMIN') };
    const expected = isAboveAll ? denied : { code: 0 };
    expect({ code, stderr }).toMatchObject(isLacking('tracepoint') ? { code: 69 } : expected);
  });
});

describe('on this kernel, without CAP_SYS_ADMIN', () => {
  test('leaks are traced by links that do without, or it is said', async () => {
    const own = await Target.start([...asNobody(), family]);
    const { code, stderr } = await runMemtrace(['leak', '-p', `${own.pid}`, '0.1', '1'], {
      wrapper: asNobody('bpf', 'perfmon'),
    });
    own.kill();
    const isNeeded = isLacking('link multi');
    expect({ code, stderr }).toEqual({
      code: isNeeded ? 77 : 0,
      stderr: isNeeded
        ? expect.stringMatching(/needs CAP_SYS_ADMIN.*\n {2}remedy: /)
        : expect.any(String),
    });
  });
});

describe('on this kernel, without locked memory', () => {
  const wrapper = [...asNobody('bpf', 'perfmon'), 'prlimit', '--memlock=4096:4096'];

  test('the page cache is watched, or what to raise is said', async () => {
    const { code, stderr } = await runMemtrace(['cache', '0.1', '1'], { wrapper });
    const isCharged = isLacking('memory by control group');
    expect({ code, stderr }).toEqual({
      code: isCharged ? 69 : 0,
      stderr: isCharged ? expect.stringMatching(/ memory .*\n {2}remedy: .*ulimit -l/) : '',
    });
  });

  test('doctor names what to raise for the page cache, too', async () => {
    expect(await rowOf('memtrace cache', wrapper)).toMatchObject(
      isLacking('memory by control group')
        ? { state: 'lacking', remedy: expect.stringContaining('ulimit -l') }
        : { state: 'ready' },
    );
  });
});
