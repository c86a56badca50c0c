import { readdirSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { bytes } from '../../src/domain/units.ts';
import { openLeakSession } from '../../src/sources/live/leak-session.ts';
import type { LeakSessionRequest } from '../../src/sources/live/request.ts';
import { buildTarget } from '../support/build-target.ts';
import { canTrace } from '../support/memtrace.ts';
import { Target } from '../support/run-target.ts';
import { textBytes } from '../support/text-bytes.ts';

const program = buildTarget('scale.c', 'dynamic') ?? '';
const mib = 2 ** 20;
const openFiles = (pid: number | 'self'): number => readdirSync(`/proc/${pid}/fd`).length;

describe.skipIf(!canTrace())('one session after another in one process', () => {
  let target: Target;

  beforeEach(async () => {
    target = await Target.start([program]);
    await target.run('busy');
  });
  afterEach(() => target.kill());

  const request = (): LeakSessionRequest => ({
    target: { kind: 'processes', pids: [target.pid] },
    minSize: bytes(0),
    maxSize: bytes(Number.POSITIVE_INFINITY),
    sampleRate: 1,
    maxBlocks: 100_000,
    stackStorageSize: 1024,
    maxStackDepth: 127,
    follow: true,
    link: 'auto',
    object: null,
    symbolsPrefix: '',
    trace: false,
  });

  async function cycle(): Promise<number> {
    const session = await openLeakSession(request());
    const { probes } = await session.snapshot();
    const last = await session.close();
    session.release();
    expect(last.ended).toBe('stopped');
    return probes.length;
  }

  test('fifty times on a busy target: neither files nor memory grow, and the target goes on', async () => {
    const text = textBytes(target.pid);
    const files = openFiles(target.pid);
    for (let i = 0; i < 5; i++) await cycle();
    const own = openFiles('self');
    const memory = process.memoryUsage().rss;
    for (let i = 0; i < 50; i++) expect(await cycle()).toBeGreaterThan(0);
    expect(openFiles('self')).toBe(own);
    expect(process.memoryUsage().rss - memory).toBeLessThan(40 * mib);
    expect(openFiles(target.pid)).toBe(files);
    expect(textBytes(target.pid)).toBe(text);
    await target.run('idle');
    expect(Number(await target.line('pairs'))).toBeGreaterThan(0);
    expect(await target.finish(7)).toBe(7);
  });

  test('closing while a snapshot is being read, and closing twice, end the same', async () => {
    const session = await openLeakSession(request());
    const reading = session.snapshot({ blocks: true });
    const [first, second] = await Promise.all([session.close(), session.close()]);
    expect(first.ended).toBe('stopped');
    expect(second).toBe(first);
    await reading;
    session.release();
  });
});
