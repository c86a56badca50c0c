import { readFileSync, readdirSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy } from '../support/report.ts';
import { Target } from '../support/run-target.ts';
import { textBytes } from '../support/text-bytes.ts';

const program = buildTarget('scale.c', 'dynamic') ?? '';
const stateOf = (pid: number): string | undefined =>
  /^State:\s*(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

describe.skipIf(!canTrace())('the target is left as it was', () => {
  let target: Target;

  beforeEach(async () => {
    target = await Target.start([program]);
    await target.run('busy');
  });
  afterEach(() => target.kill());

  async function stillWorks(): Promise<void> {
    const before = Number(await ask('pairs'));
    await vi.waitFor(async () => expect(Number(await ask('pairs'))).toBeGreaterThan(before));
    await target.run('idle');
    await target.line('pairs');
    expect(await target.finish(7)).toBe(7);
  }

  async function ask(step: string): Promise<string> {
    await target.run(step);
    return target.line(step);
  }

  test.for(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
    'after %s no probe is in its text',
    async (signal) => {
      const before = textBytes(target.pid);
      const files = openFiles(target.pid);
      const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
      expect(textBytes(target.pid)).not.toBe(before);
      tracer.signal(signal);
      const code = await tracer.exited;
      expect(code).toBe(signal === 'SIGKILL' ? null : 0);
      await vi.waitFor(() => expect(textBytes(target.pid)).toBe(before), { timeout: 30_000 });
      expect(openFiles(target.pid)).toBe(files);
      await stillWorks();
    },
  );

  test('a second tracer of the same target counts the same and leaves the first its probes', async () => {
    await target.run('idle');
    await target.line('pairs');
    const first = await Tracer.attach(['-p', `${target.pid}`, '1']);
    const second = await Tracer.attach(['-p', `${target.pid}`, '1']);
    await target.run('by_beside', 3);
    const truth = { bytes: 3 * 1024, blocks: 3 };
    expect(keptBy(await second.stop(), 'by_beside')).toEqual(truth);
    await target.run('by_beside', 2);
    expect(keptBy(await first.stop(), 'by_beside')).toEqual({ bytes: 5 * 1024, blocks: 5 });
    expect(await target.finish(7)).toBe(7);
  });
});

describe.skipIf(!canTrace())('a process that is stopped', () => {
  test('can be attached to and left, and stays stopped', async () => {
    const target = await Target.start([program]);
    process.kill(target.pid, 'SIGSTOP');
    await vi.waitFor(() => expect(stateOf(target.pid)).toBe('T'));
    const before = textBytes(target.pid);
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
    expect((await tracer.stop()).outstanding).toEqual({ bytes: 0, blocks: 0 });
    expect(stateOf(target.pid)).toBe('T');
    expect(textBytes(target.pid)).toBe(before);
    process.kill(target.pid, 'SIGCONT');
    await target.run('by_beside', 3);
    expect(await target.finish(7)).toBe(7);
  });
});

const sealed = buildTarget('sealed.c', 'dynamic') ?? '';

describe.skipIf(!canTrace())('a process that seccomp has sealed', () => {
  test('is traced without being killed, or refused', async () => {
    const target = await Target.start([sealed]);
    const tracer = Tracer.start(['-p', `${target.pid}`, '1']);
    const traced = await Promise.race([
      tracer.report().then(() => true),
      tracer.exited.then(() => false),
    ]);
    await target.run('by_sealed', 3);
    await target.run('by_sealed_freed', 4);
    if (traced) {
      expect(keptBy(await tracer.stop(), 'by_sealed')).toEqual({ bytes: 300, blocks: 3 });
    } else {
      expect(await tracer.exited).toBe(69);
    }
    expect(await target.finish(7)).toBe(7);
  });
});
