import { describe, expect, test } from 'vitest';

import { buildTarget, type Variant } from '../support/build-target.ts';
import { library } from '../support/library.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

const worlds: readonly { title: string; variant: Variant; preload?: string; link?: string }[] = [
  { title: 'glibc', variant: 'dynamic' },
  { title: 'glibc, by multi links', variant: 'dynamic', link: 'multi' },
  { title: 'glibc, by perf-event links', variant: 'dynamic', link: 'perf-event' },
  { title: 'musl, static', variant: 'musl-static' },
  { title: 'jemalloc', variant: 'dynamic', preload: 'libjemalloc' },
  { title: 'tcmalloc', variant: 'dynamic', preload: 'libtcmalloc_minimal' },
  { title: 'mimalloc', variant: 'dynamic', preload: 'libmimalloc' },
];

describe('threads that allocate, reallocate and free each other’s blocks at random', () => {
  for (const { title, variant, preload, link } of worlds) {
    const program = buildTarget('mix.c', variant);
    const file = preload === undefined ? '' : library(preload);
    const here =
      requires(variant, program !== null, 'its compiler is missing') &&
      requires(preload ?? 'libc', file !== null, 'its library is missing') &&
      canTrace();

    test.skipIf(!here)(`${title}: what they say is left is what is reported`, async () => {
      const env = file ? { LD_PRELOAD: file } : {};
      const target = await Target.start([program ?? ''], { env });
      try {
        const linked = link === undefined ? [] : ['--link', link];
        const tracer = await Tracer.attach(['-p', `${target.pid}`, ...linked, '1']);
        await target.run('mix', 50_000);
        const truth = {
          bytes: Number(await target.line('bytes')),
          blocks: Number(await target.line('blocks')),
        };
        const report = await tracer.stop();
        expect(keptBy(report, /^by_mix_/)).toEqual(truth);
        expect(report.losses).toEqual([]);
        expect(await target.finish(7)).toBe(7);
      } finally {
        target.kill();
      }
    });
  }
});
