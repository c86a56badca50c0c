import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy, keptByAll } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';
import { textBytes } from '../support/text-bytes.ts';
import { kernelRelease } from '../support/kernel.ts';

/** Links, and the kernel that has brought each. */
const links = [
  { link: 'session', since: [6, 13] },
  { link: 'multi', since: [6, 6] },
  { link: 'perf-event', since: [4, 17] },
] as const;

const own = buildTarget('own-allocator.c', 'no-pie') ?? '';
const edges = buildTarget('edges.c', 'dynamic') ?? '';
const scale = buildTarget('scale.c', 'dynamic') ?? '';

for (const { link, since } of links) {
  const [major, minor] = kernelRelease();
  const newEnough = major > since[0] || (major === since[0] && minor >= since[1]);
  const here = canTrace() && requires(`link ${link}`, newEnough, `the kernel is ${major}.${minor}`);

  describe.skipIf(!here)(`by ${link} links the truth is the same`, () => {
    let target: Target | undefined;
    let text = '';
    beforeEach(() => {
      target = undefined;
    });
    afterEach(() => target?.kill());

    async function attach(program: string): Promise<[Target, Tracer]> {
      target = await Target.start([program]);
      text = textBytes(target.pid);
      return [target, await Tracer.attach(['-p', `${target.pid}`, '--link', link, '1'])];
    }

    test('every probe is linked so', async () => {
      const [, tracer] = await attach(scale);
      const report = await tracer.stop();
      expect(new Set(report.probes.map((probe) => probe.link))).toEqual(new Set([link]));
      await expect.poll(() => textBytes(target?.pid ?? 0)).toBe(text);
    });

    test('nested and abandoned calls', async () => {
      const [running, tracer] = await attach(own);
      await running.run('by_nested_malloc', 3);
      await running.run('by_own_calloc', 4);
      await running.run('by_left_malloc', 5);
      await running.run('dive_and_own', 6);
      await running.run('leave_and_dive', 7);
      const report = await tracer.stop();
      expect(keptBy(report, 'by_nested_malloc')).toEqual({ bytes: 3 * 24_242, blocks: 3 });
      expect(keptBy(report, 'by_own_calloc')).toEqual({ bytes: 4 * 60, blocks: 4 });
      expect(keptBy(report, 'by_own_malloc')).toEqual({ bytes: 13 * 70, blocks: 13 });
      expect(report.outstanding.blocks).toBe(20);
      expect(await running.finish(7)).toBe(7);
    });

    test('realloc in its forms', async () => {
      const [running, tracer] = await attach(edges);
      await running.run('by_failed_realloc', 3);
      await running.run('by_failed_reallocarray', 2);
      await running.run('by_realloc_to_zero', 3);
      await running.run('by_moved_realloc', 4);
      const report = await tracer.stop();
      expect(keptBy(report, 'by_kept')).toEqual({ bytes: 5 * 4242, blocks: 5 });
      expect(keptBy(report, 'by_moved_realloc')).toEqual({ bytes: 4 * 600_000, blocks: 4 });
      expect(report.outstanding.blocks).toBe(9);
      expect(report.losses).toEqual([]);
    });

    test('eight threads, and churn beside a leak', async () => {
      const [running, tracer] = await attach(scale);
      await running.run('threads', 1000);
      await running.run('churn', 20_000);
      const report = await tracer.stop();
      expect({ ...keptByAll(report), losses: report.losses }).toEqual({
        by_thread: { bytes: 8000 * 64, blocks: 8000 },
        by_beside: { bytes: 200 * 1024, blocks: 200 },
        losses: [],
      });
    });
  });
}
