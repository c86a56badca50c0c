import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildTarget, type Variant } from '../support/build-target.ts';
import { library } from '../support/library.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptUnder, type Report } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

interface Row {
  readonly step: string;
  readonly times: number;
  /** Of one block; a step that leaves nothing has none. */
  readonly size?: number;
}

const cxx: readonly Row[] = [
  { step: 'by_new', times: 2, size: 120 },
  { step: 'by_new_array', times: 3, size: 3000 },
  { step: 'by_new_counted_array', times: 4, size: 8 + 10 * 24 },
  { step: 'by_new_huge', times: 5, size: 1 << 20 },
  { step: 'by_new_nothrow', times: 6, size: 120 },
  { step: 'by_new_array_nothrow', times: 2, size: 700 },
  { step: 'by_new_aligned', times: 3, size: 128 },
  { step: 'by_new_aligned_array', times: 4, size: 512 },
  { step: 'by_operator_new_aligned', times: 5, size: 500 },
  { step: 'by_vector', times: 6, size: 8000 },
  { step: 'by_new_freed', times: 2 },
  { step: 'by_new_array_freed', times: 3 },
  { step: 'by_new_counted_array_freed', times: 4 },
  { step: 'by_new_aligned_freed', times: 5 },
  { step: 'by_new_huge_freed', times: 6 },
  { step: 'by_sized_delete', times: 2 },
  { step: 'by_aligned_sized_delete', times: 3 },
  { step: 'by_unique_ptr', times: 4 },
];

const rust: readonly Row[] = [
  { step: 'by_box', times: 2, size: 321 },
  { step: 'by_vec', times: 3, size: 8000 },
  { step: 'by_vec_huge', times: 4, size: 1 << 20 },
  { step: 'by_zeroed_vec', times: 5, size: 5000 },
  { step: 'by_grown_vec', times: 6, size: 4000 },
  { step: 'by_string', times: 2, size: 17 },
  { step: 'by_aligned_box', times: 3, size: 512 },
  { step: 'by_box_freed', times: 4 },
];

interface World {
  readonly title: string;
  readonly source: string;
  readonly variant: Variant;
  readonly rows: readonly Row[];
  readonly preload?: string;
}

const worlds: readonly World[] = [
  { title: 'C++', source: 'heap.cc', variant: 'cxx', rows: cxx },
  {
    title: 'C++ on jemalloc',
    source: 'heap.cc',
    variant: 'cxx',
    rows: cxx,
    preload: 'libjemalloc',
  },
  {
    title: 'C++ on tcmalloc',
    source: 'heap.cc',
    variant: 'cxx',
    rows: cxx,
    preload: 'libtcmalloc_minimal',
  },
  {
    title: 'C++ on mimalloc',
    source: 'heap.cc',
    variant: 'cxx',
    rows: cxx,
    preload: 'libmimalloc',
  },
  { title: 'Rust', source: 'heap.rs', variant: 'rust', rows: rust },
];

for (const world of worlds) {
  const program = buildTarget(world.source, world.variant);
  const preload = world.preload === undefined ? '' : library(world.preload);
  const here =
    requires(world.variant, program !== null, 'its compiler is missing') &&
    requires(world.preload ?? 'libc', preload !== null, 'its library is missing') &&
    canTrace();

  describe.skipIf(!here)(`blocks of ${world.title}`, () => {
    let target: Target;
    let report: Report;

    beforeAll(async () => {
      target = await Target.start([program ?? ''], preload ? { env: { LD_PRELOAD: preload } } : {});
      const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
      for (const row of world.rows) await target.run(row.step, row.times);
      report = await tracer.stop();
    });
    afterAll(() => target.kill());

    test.for(world.rows)('$step × $times: the blocks, their bytes and who took them', (row) => {
      expect(keptUnder(report, row.step)).toEqual({
        bytes: row.times * (row.size ?? 0),
        blocks: row.size === undefined ? 0 : row.times,
      });
    });

    test('nothing else is outstanding, and nothing was lost', () => {
      const truth = world.rows.reduce((sum, row) => sum + row.times * (row.size ?? 0), 0);
      expect(report.outstanding.bytes).toBe(truth);
      expect(report.losses).toEqual([]);
      expect(report.unknownFrees).toBe(0);
    });
  });
}

const cxxProgram = buildTarget('heap.cc', 'cxx');

describe.skipIf(!canTrace())('a new that throws', () => {
  // mimalloc's own new aborts instead of throwing, traced or not.
  for (const preload of [null, 'libjemalloc', 'libtcmalloc_minimal']) {
    const file = preload === null ? '' : library(preload);
    const here = requires(preload ?? 'libc', file !== null, 'its library is missing');

    test.skipIf(!here)(
      `is caught as ever, and hides no later block: ${preload ?? 'libstdc++'}`,
      async () => {
        const env = file ? { LD_PRELOAD: file } : {};
        const target = await Target.start([cxxProgram ?? ''], { env });
        try {
          const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
          await target.run('by_new', 2);
          await target.run('by_bad_alloc', 3);
          await target.run('by_new', 3);
          await target.run('by_new_array_freed', 3);
          const report = await tracer.stop();
          expect(keptUnder(report, 'by_new')).toEqual({ bytes: 5 * 120, blocks: 5 });
          expect(keptUnder(report, 'by_bad_alloc')).toEqual({ bytes: 0, blocks: 0 });
          expect(await target.finish(7)).toBe(7);
        } finally {
          target.kill();
        }
      },
    );
  }
});
