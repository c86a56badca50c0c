import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy, lossOf, sitesBy } from '../support/report.ts';
import { Target } from '../support/run-target.ts';

const program = buildTarget('scale.c', 'dynamic');

describe.skipIf(!canTrace())('numbers', () => {
  let target: Target;

  beforeEach(async () => {
    target = await Target.start([program ?? '']);
  });
  afterEach(() => target.kill());

  const attach = (...args: string[]): Promise<Tracer> =>
    Tracer.attach(['-p', `${target.pid}`, ...args, '1']);

  test('a million malloc/free pairs beside 10 000 leaked blocks of 1024 bytes', async () => {
    const tracer = await attach();
    await target.run('churn', 1_000_000);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_beside')).toEqual({ bytes: 10_240_000, blocks: 10_000 });
    expect(keptBy(report, 'by_pair')).toEqual({ bytes: 0, blocks: 0 });
    expect(report.outstanding).toMatchObject({ bytes: 10_240_000, blocks: 10_000 });
    expect(report.losses).toEqual([]);
    expect(report.unknownFrees).toBe(0);
  });

  test('1.5 million blocks outstanding at once', async () => {
    const tracer = await attach('--max-blocks', '2000000');
    await target.run('by_many', 1_500_000);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_many')).toEqual({ bytes: 24_000_000, blocks: 1_500_000 });
    expect(report.losses).toEqual([]);
  });

  test('4096 distinct stacks, each with its own block', async () => {
    const tracer = await attach();
    await target.run('stacks');
    const report = await tracer.stop();
    const sites = sitesBy(report, 'by_bits');
    expect(sites).toHaveLength(4096);
    expect(sites.every((site) => site.outstandingBytes === 64)).toBe(true);
    expect(report.losses).toEqual([]);
  });

  test('eight threads that allocate at once', async () => {
    const tracer = await attach();
    await target.run('threads', 5000);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_thread')).toEqual({ bytes: 8 * 5000 * 64, blocks: 40_000 });
    expect(report.losses).toEqual([]);
  });

  test('more threads than the thread table has room for, one after the other', async () => {
    const tracer = await attach();
    await target.run('short_threads', 40_000);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_thread')).toEqual({ bytes: 40_000 * 64, blocks: 40_000 });
    expect(report.losses).toEqual([]);
  });

  test('blocks allocated in one thread and freed in another', async () => {
    const tracer = await attach();
    await target.run('handoff', 20_000);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_handed')).toEqual({ bytes: 0, blocks: 0 });
    expect(report.freed.blocks).toBeGreaterThanOrEqual(20_000);
    expect(report.losses).toEqual([]);
  });

  test('a target that leaks nothing is reported with nothing', async () => {
    const tracer = await attach();
    await target.run('by_pair', 100);
    const report = await tracer.stop();
    expect(report.outstanding).toMatchObject({ bytes: 0, blocks: 0 });
    expect(report.allocated).toEqual({ bytes: 100 * 48, blocks: 100 });
    expect(report.freed).toEqual(report.allocated);
  });

  test('blocks from before the session are unknown frees, not losses', async () => {
    await target.run('keep_for_later', 50);
    const tracer = await attach();
    await target.run('free_kept', 50);
    const report = await tracer.stop();
    expect(report.unknownFrees).toBe(50);
    expect(report.losses).toEqual([]);
  });

  test('a block table that is too small: what did not fit is counted, in blocks and bytes', async () => {
    const tracer = await attach('--max-blocks', '1000');
    await target.run('by_many', 5000);
    const report = await tracer.stop();
    const kept = keptBy(report, 'by_many');
    const lost = lossOf(report, 'blocks-full');
    expect(lost.count).toBeGreaterThanOrEqual(3900);
    expect(kept.blocks + lost.count).toBe(5000);
    expect(kept.bytes + lost.bytes).toBe(5000 * 16);
  });

  test('a stack table that is too small: the bytes stay in the report, under a lost stack', async () => {
    const tracer = await attach('--stack-storage-size', '256');
    await target.run('stacks');
    const report = await tracer.stop();
    expect(
      lossOf(report, 'stacks-full').count + lossOf(report, 'sites-full').count,
    ).toBeGreaterThan(0);
    expect(report.outstanding).toMatchObject({ bytes: 4096 * 64, blocks: 4096 });
  });

  test('--strict makes a loss an exit code of its own', async () => {
    const tracer = Tracer.start(['-p', `${target.pid}`, '--max-blocks', '100', '--strict', '1']);
    await tracer.report();
    await target.run('by_many', 1000);
    tracer.signal('SIGINT');
    expect(await tracer.exited).toBe(1);
  });
});
