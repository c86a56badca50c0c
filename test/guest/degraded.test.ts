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
  'unshare',
  '--mount',
  '--propagation',
  'private',
  'sh',
  '-c',
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
      expect(outcome.stderr).toContain('BTF');
      expect(outcome.code).toBe(69);
    },
  );

  test('doctor says so', async () => {
    expect(await rowOf('kernel BTF', withoutBtf)).toMatchObject({ state: 'lacking' });
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
});
