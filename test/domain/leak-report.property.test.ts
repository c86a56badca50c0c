import fc from 'fast-check';
import { expect, it } from 'vitest';
import { History } from '../../src/domain/history.ts';
import { leakReport } from '../../src/domain/leak-report.ts';
import type { Image, LeakSnapshot, Site } from '../../src/domain/leak-snapshot.ts';
import type { Stack } from '../../src/domain/stack.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import { heapFromText } from '../support/heap-from-text.ts';

const functions = ['main', 'serve', 'parse', 'cache'];
const counter = fc.nat({ max: 1e9 });

const stack = fc
  .record({
    names: fc.array(fc.constantFrom(...functions), { maxLength: 3 }),
    end: fc.constantFrom<Stack['end']>('root', 'broken', 'depth', 'lost'),
  })
  .map(({ names, end }): Stack => ({
    id: `${names.join()} ${end}`,
    frames: names.map((symbol) => ({ address: 1n, symbol, offset: 1, module: 'app' })),
    end,
  }));

const image = (id: number) =>
  fc.constantFrom<Image['state']>('running', 'exited', 'replaced-by-exec').map((state) => ({
    id,
    pid: 100 + id,
    command: 'app',
    parent: 0,
    state,
    blindMs: milliseconds(0),
  }));

// Counters are read one after the other while the target runs: frees may be ahead of allocations.
const site = fc.record({
  stack,
  image: fc.nat({ max: 3 }),
  allocatedBytes: counter,
  allocatedBlocks: counter,
  freedBytes: counter,
  freedBlocks: counter,
  firstAt: fc.nat({ max: 20_000 }),
  lifetimes: fc.array(fc.nat({ max: 9 }), { maxLength: 32 }),
});

const snapshot = fc
  .record({
    drawn: fc.array(site, { maxLength: 30 }),
    images: fc.tuple(image(0), image(1), image(2)),
    ended: fc.constantFrom('target-exited' as const, 'stopped' as const, undefined),
  })
  .map(({ drawn, images, ended }): LeakSnapshot => {
    const sites = drawn.map(({ stack: { id: stackId }, ...counters }): Site => ({
      ...counters,
      stackId,
      kind: 'heap',
      allocatedBytes: bytes(counters.allocatedBytes),
      freedBytes: bytes(counters.freedBytes),
      firstAt: milliseconds(counters.firstAt),
      latestAt: milliseconds(counters.firstAt),
    }));
    const stacks = new Map(drawn.map((each) => [each.stack.id, each.stack]));
    const empty = heapFromText('', { images, ...(ended === undefined ? {} : { ended }) });
    return { ...empty, sites, stacks };
  });

const sort = fc.constantFrom('size', 'count', 'growth', 'age');
const rest = fc.record({ sort, perProcess: fc.boolean() });

it('never shows a negative figure, and totals that are the sums of the rows', () => {
  fc.assert(
    fc.property(snapshot, rest, (given, options) => {
      const report = leakReport(given, new History(), {
        ...options,
        top: Infinity,
        olderThan: milliseconds(0),
      });
      for (const { live, oldest, freedShare, medianLifetime } of report.rows) {
        const figures = [
          live.bytes,
          live.blocks,
          oldest?.age ?? 0,
          freedShare,
          medianLifetime ?? 0,
        ];
        expect(Math.min(...figures)).toBeGreaterThanOrEqual(0);
        expect(figures.every(Number.isFinite)).toBe(true);
        expect(live.bytes + live.blocks).toBeGreaterThan(0);
      }
      expect(report.rows.reduce((sum, row) => sum + row.live.bytes, 0)).toBe(report.live.bytes);
      expect(report.rows.reduce((sum, row) => sum + row.live.blocks, 0)).toBe(report.live.blocks);
    }),
  );
});

it('has the same rows in the same order however the kernel gave the sites', () => {
  const withShuffled = snapshot.chain((given) =>
    fc.tuple(
      fc.constant(given),
      fc
        .shuffledSubarray([...given.sites], { minLength: given.sites.length })
        .map((sites) => ({ ...given, sites })),
    ),
  );
  fc.assert(
    fc.property(withShuffled, rest, ([given, shuffled], options) => {
      const keys = (of: LeakSnapshot) =>
        leakReport(of, new History(), { ...options, top: 10, olderThan: milliseconds(0) }).rows.map(
          (row) => `${row.key} ${row.live.bytes} ${row.live.blocks} ${row.oldest?.age}`,
        );
      expect(keys(shuffled)).toEqual(keys(given));
    }),
  );
});
