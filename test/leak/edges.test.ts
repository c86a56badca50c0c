import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy, lossOf, mappedBy, type Report } from '../support/report.ts';
import { Target } from '../support/run-target.ts';

const mib = 1 << 20;

/** What each step leaves, and under which function's name. */
const heapRows = [
  { step: 'by_failed_realloc', times: 3, name: 'by_failed_realloc', bytes: 0, blocks: 0 },
  { step: 'by_failed_reallocarray', times: 2, name: 'by_failed_reallocarray', bytes: 0, blocks: 0 },
  { step: 'by_kept', times: 4, name: 'by_kept', bytes: 9 * 4242, blocks: 9 },
  { step: 'by_failed_malloc', times: 2, name: 'by_failed_malloc', bytes: 0, blocks: 0 },
  {
    step: 'by_failed_posix_memalign',
    times: 2,
    name: 'by_failed_posix_memalign',
    bytes: 0,
    blocks: 0,
  },
  { step: 'by_realloc_to_zero', times: 3, name: 'by_realloc_to_zero', bytes: 0, blocks: 0 },
  { step: 'by_moved_realloc', times: 3, name: 'by_moved_realloc', bytes: 3 * 600_000, blocks: 3 },
  { step: 'by_shrunk_realloc', times: 5, name: 'by_shrunk_realloc', bytes: 5 * 900, blocks: 5 },
  { step: 'by_free_of_null', times: 10, name: 'by_old', bytes: 0, blocks: 0 },
  { step: 'by_strdup', times: 6, name: /strdup$/, bytes: 6 * 6, blocks: 6 },
  { step: 'by_qsort', times: 2, name: /^(__)?qsort_r$/, bytes: 2 * 8000, blocks: 2 },
] as const;

const mappingRows = [
  { step: 'by_mmap', sizes: [mib] },
  { step: 'by_munmap_all', sizes: [] },
  { step: 'by_munmap_head', sizes: [mib - 4096] },
  { step: 'by_munmap_tail', sizes: [mib - 4096] },
  { step: 'by_munmap_middle', sizes: [mib / 2, mib / 2 - 8192] },
  { step: 'by_failed_mmap', sizes: [] },
  { step: 'by_mremap', sizes: [2 * mib] },
] as const;

const program = buildTarget('edges.c', 'dynamic');

describe.skipIf(!canTrace())('the edges of the contract', () => {
  let target: Target;
  let report: Report;

  beforeAll(async () => {
    target = await Target.start([program ?? '']);
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
    for (const row of heapRows) await target.run(row.step, row.times);
    for (const row of mappingRows) await target.run(row.step);
    report = await tracer.stop();
  });
  afterAll(() => target.kill());

  test.for(heapRows)('$step leaves $bytes bytes in $blocks blocks by $name', (row) => {
    expect(keptBy(report, row.name)).toEqual({ bytes: row.bytes, blocks: row.blocks });
  });

  test('mappings are listed with what is left of them, and by nobody else', () => {
    const truth = mappingRows.flatMap((row) => [...row.sizes]);
    expect(mappedBy(report, /^by_/).toSorted((a, b) => a - b)).toEqual(
      truth.toSorted((a, b) => a - b),
    );
  });

  test('no mapping is ranked among the blocks', () => {
    expect(keptBy(report, /^by_m(map|remap|unmap)/)).toEqual({ bytes: 0, blocks: 0 });
  });

  test('freeing nothing is no unknown free', () => {
    expect(report.unknownFrees).toBe(0);
    expect(report.losses).toEqual([]);
  });
});

describe.skipIf(!canTrace())('a storm of mappings', () => {
  test('is told apart from what is left, or its losses are', async () => {
    const target = await Target.start([program ?? '']);
    try {
      const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
      await target.run('by_munmap_all', 50_000);
      await target.run('by_mmap', 3);
      const report = await tracer.stop();
      const lost = lossOf(report, 'events-full').count;
      const sizes = mappedBy(report, /^by_/);
      expect(sizes.length === 3 || lost > 0).toBe(true);
      expect(keptBy(report, /./)).toEqual({ bytes: 0, blocks: 0 });
    } finally {
      target.kill();
    }
  });
});

const own = buildTarget('own-allocator.c', 'no-pie');

describe.skipIf(!canTrace())('an allocator of the program itself', () => {
  let target: Target;
  let report: Report;

  beforeAll(async () => {
    target = await Target.start([own ?? '']);
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
    await target.run('by_nested_malloc', 3);
    await target.run('by_own_calloc', 4);
    await target.run('by_left_malloc', 5);
    await target.run('dive_and_own', 6);
    await target.run('leave_and_dive', 7);
    report = await tracer.stop();
  });
  afterAll(() => target.kill());

  test.for([
    { name: 'by_nested_malloc', bytes: 3 * 24_242, blocks: 3 },
    { name: 'by_own_calloc', bytes: 4 * 60, blocks: 4 },
    { name: 'by_left_malloc', bytes: 0, blocks: 0 },
    { name: 'by_own_malloc', bytes: 13 * 70, blocks: 13 },
  ])('a call that was left by longjmp() does not hide a later one: $name', (row) => {
    expect(keptBy(report, row.name)).toEqual({ bytes: row.bytes, blocks: row.blocks });
  });

  test('the inner call of a nested one is nobody else’s block', () => {
    expect(report.outstanding).toMatchObject({ bytes: 3 * 24_242 + 4 * 60 + 13 * 70, blocks: 20 });
  });

  test('the target goes on as if nothing had happened', async () => {
    await target.run('dive_and_own', 3);
    expect(await target.finish(7)).toBe(7);
  });
});
