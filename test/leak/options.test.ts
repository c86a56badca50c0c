import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { library } from '../support/library.ts';
import { canTrace, runMemtrace, Tracer } from '../support/memtrace.ts';
import { keptBy } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

const program = buildTarget('lives.c', 'dynamic') ?? '';

describe.skipIf(!canTrace())('what is traced', () => {
  let one: Target;
  let other: Target;

  beforeEach(async () => {
    one = await Target.start([program]);
    other = await Target.start([program]);
  });
  afterEach(() => {
    one.kill();
    other.kill();
  });

  test.for([
    (a: number, b: number): string[] => ['-p', `${a},${b}`],
    (a: number, b: number): string[] => ['-p', `${a}`, '-p', `${b}`],
  ])('two processes at once, each with its own blocks', async (args) => {
    const tracer = await Tracer.attach([...args(one.pid, other.pid), '1']);
    await one.run('by_life', 2);
    await other.run('by_life', 3);
    expect(await one.finish(7)).toBe(7);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_life', other.pid)).toEqual({ bytes: 300, blocks: 3 });
    expect(report.images.map(({ pid }) => pid).toSorted((a, b) => a - b)).toEqual(
      [one.pid, other.pid].toSorted((a, b) => a - b),
    );
  });

  test('a name that two processes have is refused, with both of them', async () => {
    const { code, stderr } = await runMemtrace(['leak', '--name', 'lives', '1', '1']);
    expect(stderr).toContain(`${one.pid}`);
    expect(stderr).toContain(`${other.pid}`);
    expect(code).toBe(66);
  });

  test('a name that one process has finds it', async () => {
    expect(await other.finish(0)).toBe(0);
    const tracer = await Tracer.attach(['--name', 'lives', '1']);
    await one.run('by_life', 2);
    expect(keptBy(await tracer.stop(), 'by_life', one.pid)).toEqual({ bytes: 200, blocks: 2 });
  });

  const mimalloc = library('libmimalloc');

  test.skipIf(!requires('libmimalloc', mimalloc !== null, 'it is not installed'))(
    '--obj and --symbols-prefix: these C functions and no others',
    async () => {
      one.send(`dlopen\n${mimalloc}\nmi_malloc`);
      expect(await one.line('loaded')).toBe('yes');
      const args = ['-p', `${one.pid}`, '-O', mimalloc ?? '', '-S', 'mi_', '1'];
      const tracer = await Tracer.attach(args);
      await one.run('by_foreign', 3);
      await one.run('by_life', 2);
      const report = await tracer.stop();
      expect(keptBy(report, 'by_foreign')).toEqual({ bytes: 3 * 777, blocks: 3 });
      expect(keptBy(report, 'by_life')).toEqual({ bytes: 0, blocks: 0 });
      // The operators have no prefix; the loader's hook is no allocator.
      const functions = report.probes.filter(
        ({ allocator, symbol }) => allocator !== 'loader' && !symbol.startsWith('_Z'),
      );
      expect(functions.map(({ symbol }) => symbol.slice(0, 3))).toEqual(functions.map(() => 'mi_'));
    },
  );

  test('-z and -Z are bounds that count in, and what they leave out is no unknown free', async () => {
    const tracer = await Tracer.attach(['-p', `${one.pid}`, '-z', '500', '-Z', '500', '1']);
    await one.run('by_parent', 2);
    await one.run('by_life', 3);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_parent')).toEqual({ bytes: 1000, blocks: 2 });
    expect(report.outstanding).toEqual({ bytes: 1000, blocks: 2 });
  });

  test('-o leaves out what is younger', async () => {
    const tracer = await Tracer.attach(['-p', `${one.pid}`, '-o', '1500', '1']);
    await one.run('by_parent', 2);
    await tracer.report((report) => keptBy(report, 'by_parent').blocks === 2);
    await one.run('by_life', 3);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_parent')).toEqual({ bytes: 1000, blocks: 2 });
    expect(keptBy(report, 'by_life')).toEqual({ bytes: 0, blocks: 0 });
  });

  test('-a gives the address, size and age of each block', async () => {
    const tracer = await Tracer.attach(['-p', `${one.pid}`, '-a', '1']);
    await one.run('by_life', 3);
    const report = await tracer.stop();
    const blocks = report.sites.flatMap((site) => site.blocks ?? []);
    expect(blocks.map(({ size }) => size)).toEqual([100, 100, 100]);
    expect(new Set(blocks.map(({ address }) => address)).size).toBe(3);
    expect(blocks.every(({ ageMs }) => ageMs >= 0)).toBe(true);
  });

  test('--duration ends the run by itself, with a last report', async () => {
    const tracer = Tracer.start(['-p', `${one.pid}`, '--duration', '2', '1']);
    await tracer.report();
    await one.run('by_life', 3);
    expect(keptBy(await tracer.last(), 'by_life')).toEqual({ bytes: 300, blocks: 3 });
    expect(await one.finish(7)).toBe(7);
  });
});
