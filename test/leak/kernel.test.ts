import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, runMemtrace, Tracer } from '../support/memtrace.ts';
import { type Report, sitesThrough } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

const program = buildTarget('kernel.c', 'dynamic') ?? '';
const pipeSites = (report: Report): number =>
  sitesThrough(report, 'alloc_pipe_info').reduce((sum, site) => sum + site.outstandingBlocks, 0);

type Site = Report['sites'][number];
const slabs = '/sys/kernel/slab';
const slabSize = (cache: string): number =>
  Number(readFileSync(`${slabs}/${cache}/slab_size`, 'utf8'));
const kmallocSizes = readableSlabs()
  .filter((name) => name.startsWith('kmalloc-'))
  .map(slabSize);
const canTellSlabSizes = requires(
  'slab sizes',
  kmallocSizes.length > 0,
  `no ${slabs}/kmalloc-* that can be read`,
);

function readableSlabs(): readonly string[] {
  try {
    return readdirSync(slabs);
  } catch {
    return [];
  }
}

/** Of the blocks that pipes take, those that `caller` asks a slab cache for: not what the cache itself takes for them. */
const slabSites = (report: Report, caller: RegExp): readonly Site[] =>
  sitesThrough(report, 'create_pipe_files').filter(({ frames }) => {
    const asks = frames.findIndex(({ symbol }) => !/^_*(kmem_cache|kmalloc)_/.test(`${symbol}_`));
    return asks > 0 && caller.test(frames[asks]?.symbol ?? '');
  });
const blocksOf = (sites: readonly Site[]): number =>
  sites.reduce((sum, site) => sum + site.outstandingBlocks, 0);
const blockSize = (site: Site): number => site.outstandingBytes / site.outstandingBlocks;

describe.skipIf(!canTrace())('without a target the kernel is traced', () => {
  let target: Target;

  beforeEach(async () => {
    target = await Target.start([program]);
  });
  afterEach(() => target.kill());

  test('400 pipes are at least 400 blocks by alloc_pipe_info, and none when they are closed', async () => {
    const tracer = await Tracer.attach(['1']);
    await target.run('open_pipes', 400);
    const open = await tracer.report((report) => pipeSites(report) >= 400);
    expect(sitesThrough(open, 'alloc_pipe_info')[0]?.frames[0]?.module).toBe('kernel');
    await target.run('close_pipes', 400);
    const closed = await tracer.report((report) => pipeSites(report) < 100);
    expect(pipeSites(closed)).toBeGreaterThanOrEqual(0);
    await tracer.stop();
    expect(await target.finish(7)).toBe(7);
  });

  test.skipIf(!canTellSlabSizes)(
    'of 400 pipes a slab object weighs what the kernel gives for it, not what was asked for',
    async () => {
      const tracer = await Tracer.attach(['1']);
      await target.run('open_pipes', 400);
      // Each pipe has a file for either end, and two blocks of its own.
      const files = (report: Report) => slabSites(report, /^(__alloc_file|alloc_empty_file)$/);
      const own = (report: Report) => slabSites(report, /^alloc_pipe_info$/);
      const open = await tracer.report(
        (report) => blocksOf(files(report)) >= 800 && blocksOf(own(report)) >= 800,
      );
      expect(new Set(files(open).map(blockSize))).toEqual(new Set([slabSize('filp')]));
      for (const site of own(open)) expect(kmallocSizes).toContain(blockSize(site));
      await target.run('close_pipes', 400);
      await tracer.stop();
    },
  );

  test('as text it has the lines that memleak has', async () => {
    const { code, stdout } = await runMemtrace(['leak', '1', '1']);
    expect(stdout).toMatch(/^\[\d\d:\d\d:\d\d\] Top \d+ stacks with outstanding allocations:/m);
    expect(stdout).toMatch(/^\s*\d+ bytes in \d+ allocations from stack/m);
    expect(stdout).toMatch(/\+0x[0-9a-f]+ \[kernel\]/);
    expect(code).toBe(0);
  });
});
