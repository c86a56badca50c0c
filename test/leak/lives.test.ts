import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { library } from '../support/library.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy, type Report } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

const program = buildTarget('lives.c', 'dynamic') ?? '';

/** A child was not watched between its birth and its probes: how long that was is known once they are in place. */
const isAttached = (report: Report, child: number): boolean =>
  report.images.some(({ pid, blindMs }) => pid === child && blindMs > 0);

describe.skipIf(!canTrace())('a process that forks, execs and loads libraries', () => {
  let target: Target;

  beforeEach(async () => {
    target = await Target.start([program]);
  });
  afterEach(() => target.kill());

  const attach = (...args: string[]): Promise<Tracer> =>
    Tracer.attach(['-p', `${target.pid}`, ...args, '1']);

  test('a child that was forked is followed, beside its parent', async () => {
    const tracer = await attach();
    await target.run('fork');
    const child = Number(await target.line('child'));
    await tracer.report((report) => isAttached(report, child));
    await target.run('by_life', 3);
    await target.run('order', 4);
    await target.line('done by_life');
    const report = await tracer.stop();
    expect(keptBy(report, 'by_life', target.pid)).toEqual({ bytes: 300, blocks: 3 });
    expect(keptBy(report, 'by_life', child)).toEqual({ bytes: 400, blocks: 4 });
    await target.run('bury');
    expect(await target.finish(7)).toBe(7);
  });

  test('a child that allocates at once is seen whole, or the report says how long it was not', async () => {
    const tracer = await attach();
    await target.run('hasty_fork', 5);
    const child = Number(await target.line('child'));
    const report = await tracer.stop();
    const { bytes, blocks } = keptBy(report, 'by_hasty_child', child);
    expect(bytes).toBe(blocks * 200);
    const blindMs = report.images.find((image) => image.pid === child)?.blindMs ?? 0;
    expect(blocks === 5 || blindMs > 0).toBe(true);
    await target.run('bury');
  });

  test('what a child frees stays its parent’s', async () => {
    const tracer = await attach();
    await target.run('by_parent');
    await target.run('fork_and_free');
    const report = await tracer.stop();
    expect(keptBy(report, 'by_parent', target.pid)).toEqual({ bytes: 500, blocks: 1 });
  });

  test('--no-follow leaves children alone', async () => {
    const tracer = await attach('--no-follow');
    await target.run('fork');
    const child = Number(await target.line('child'));
    await target.run('order', 4);
    await target.line('done by_life');
    await target.run('by_life', 2);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_life')).toEqual({ bytes: 200, blocks: 2 });
    expect(report.images.map((image) => image.pid)).not.toContain(child);
    await target.run('bury');
  });

  test.for(['exec', 'exec_by_thread'])(
    '%s takes the old blocks with it, and the new program is traced',
    async (step) => {
      const tracer = await attach();
      await target.run('by_life', 9);
      target.send(step);
      await target.line('ready');
      await tracer.report((report) =>
        report.images.some(
          (image) => image.pid === target.pid && image.state === 'running' && image.id > 1,
        ),
      );
      await target.run('by_life', 2);
      const report = await tracer.stop();
      expect(keptBy(report, 'by_life')).toEqual({ bytes: 200, blocks: 2 });
      expect(await target.finish(7)).toBe(7);
    },
  );

  test('a hundred programs that it spawns leave its own numbers as they are', async () => {
    const tracer = await attach();
    await target.run('by_life', 2);
    await target.run('spawn', 100);
    await target.run('by_life', 3);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_life', target.pid)).toEqual({ bytes: 500, blocks: 5 });
    expect(report.losses).toEqual([]);
    expect(await target.finish(7)).toBe(7);
  });

  const foreign = library('libmimalloc');

  test.skipIf(!requires('libmimalloc', foreign !== null, 'it is not installed'))(
    'an allocator that dlopen() brings is noticed',
    async () => {
      const tracer = await attach();
      target.send(`dlopen\n${foreign}\nmi_malloc`);
      expect(await target.line('loaded')).toBe('yes');
      await tracer.report((report) =>
        report.probes.some((probe) => probe.allocator === 'mimalloc'),
      );
      await target.run('by_foreign', 3);
      const report = await tracer.stop();
      expect(keptBy(report, 'by_foreign')).toEqual({ bytes: 3 * 777, blocks: 3 });
    },
  );

  test('a target that exits leaves a report with names, and memtrace ends with 0', async () => {
    const tracer = await attach();
    await target.run('by_life', 6);
    expect(await target.finish(3)).toBe(3);
    expect(keptBy(await tracer.last(), 'by_life')).toEqual({ bytes: 600, blocks: 6 });
  });

  test('a target that is killed does so too', async () => {
    const tracer = await attach();
    await target.run('by_life', 6);
    target.kill();
    expect(keptBy(await tracer.last(), 'by_life')).toEqual({ bytes: 600, blocks: 6 });
  });
});

describe.skipIf(!canTrace())('a command that memtrace starts', () => {
  test('is seen from before main(), has its own arguments, stdin and stdout', async () => {
    const tracer = Tracer.start(['1', '--', program, 'two words', '--pid', '']);
    expect(await tracer.line('argument')).toBe('two words');
    expect(await tracer.line('argument')).toBe('--pid');
    expect(await tracer.line('argument')).toBe('');
    await tracer.run('by_life', 5);
    tracer.send('exit 7');
    const report = await tracer.last();
    expect(keptBy(report, 'by_constructor')).toEqual({ bytes: 333, blocks: 1 });
    expect(keptBy(report, 'by_life')).toEqual({ bytes: 500, blocks: 5 });
    expect(report.losses).toEqual([]);
  });

  test('may be another one in the end: a shell that execs', async () => {
    const tracer = Tracer.start(['1', '--', '/bin/sh', '-c', `exec "${program}"`]);
    await tracer.line('ready');
    await tracer.run('by_life', 5);
    tracer.send('exit 0');
    const report = await tracer.last();
    expect(keptBy(report, 'by_life')).toEqual({ bytes: 500, blocks: 5 });
  });
});
