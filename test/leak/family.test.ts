import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { buildTarget, type Variant } from '../support/build-target.ts';
import { library } from '../support/library.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy, type Report } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

const functions = [
  'malloc',
  'calloc',
  'realloc',
  'reallocarray',
  'posix_memalign',
  'aligned_alloc',
  'memalign',
  'valloc',
  'pvalloc',
] as const;
const sizes = { small: 100, big: 30_000, huge: 1_048_576 } as const;

interface Row {
  readonly step: string;
  readonly times: number;
  readonly bytes: number;
  readonly blocks: number;
}

/** Every function at every size, each a different number of times, so that no row can stand in for another. */
function rows(without: readonly string[]): readonly Row[] {
  return functions
    .filter((name) => !without.includes(name))
    .flatMap((name) => Object.entries(sizes).map(([label, size]) => ({ name, label, size })))
    .flatMap(({ name, label, size }, index) => {
      const times = 2 + (index % 5);
      return [
        { step: `by_${name}_${label}`, times, bytes: times * size, blocks: times },
        { step: `by_${name}_${label}_freed`, times, bytes: 0, blocks: 0 },
      ];
    });
}

interface World {
  readonly title: string;
  readonly variant: Variant;
  /** Where an allocator is put before the C library's. */
  readonly preload?: string;
  /** Functions that this C library or allocator does not have. */
  readonly without?: readonly string[];
}

const worlds: readonly World[] = [
  { title: 'glibc', variant: 'dynamic' },
  { title: 'glibc, no frame pointers', variant: 'frameless' },
  // No other machine can sign them.
  ...(process.arch === 'arm64'
    ? [{ title: 'glibc, signed return addresses', variant: 'signed' } as const]
    : []),
  { title: 'glibc, position-dependent', variant: 'no-pie' },
  { title: 'glibc, static', variant: 'static' },
  { title: 'musl', variant: 'musl', without: ['pvalloc'] },
  { title: 'musl, static', variant: 'musl-static', without: ['pvalloc'] },
  // jemalloc has no pvalloc: glibc would give a block that jemalloc's free() cannot take.
  { title: 'jemalloc', variant: 'dynamic', preload: 'libjemalloc', without: ['pvalloc'] },
  { title: 'tcmalloc', variant: 'dynamic', preload: 'libtcmalloc_minimal' },
  { title: 'mimalloc', variant: 'dynamic', preload: 'libmimalloc' },
];

for (const world of worlds) {
  const program = buildTarget('family.c', world.variant);
  const preload = world.preload === undefined ? '' : library(world.preload);
  const here =
    requires(world.variant, program !== null, 'its compiler is missing') &&
    requires(world.preload ?? 'libc', preload !== null, 'its library is missing') &&
    canTrace();

  describe.skipIf(!here)(`every allocator function of ${world.title}`, () => {
    const cases = rows(world.without ?? []);
    let target: Target;
    let report: Report;

    beforeAll(async () => {
      target = await Target.start([program ?? ''], preload ? { env: { LD_PRELOAD: preload } } : {});
      const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
      for (const row of cases) await target.run(row.step, row.times);
      report = await tracer.stop();
    });
    afterAll(() => target.kill());

    test.for(cases)('$step × $times leaves $bytes bytes in $blocks blocks', (row) => {
      expect(keptBy(report, row.step)).toEqual({ bytes: row.bytes, blocks: row.blocks });
    });

    // Without frame pointers it is cut.
    const whole = [world].filter(({ variant }) => variant !== 'frameless');
    test.for(whole)('each stack goes on to main()', () => {
      const kept = report.sites.filter(({ outstandingBlocks }) => outstandingBlocks > 0);
      const ends = kept.map(({ frames }) => frames.map(({ symbol }) => symbol));
      expect(ends.filter((symbols) => !symbols.includes('main'))).toEqual([]);
      expect(ends.length).toBeGreaterThanOrEqual(cases.length / 2);
    });

    test('nothing else is outstanding, and nothing was lost', () => {
      const truth = cases.reduce((sum, row) => sum + row.bytes, 0);
      expect(report.outstanding.bytes).toBe(truth);
      expect(report.losses).toEqual([]);
      expect(report.unknownFrees).toBe(0);
    });

    test('the target goes on as if nothing had happened', async () => {
      await target.run('by_malloc_small');
      expect(await target.finish(7)).toBe(7);
    });
  });
}
