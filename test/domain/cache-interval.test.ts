import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { pageColumns, type PageCounts } from '../../src/domain/cache-snapshot.ts';
import { addCounts, mapCounts, noPages, totalsOf } from '../../src/domain/page-counts.ts';
import { cacheSnapshot } from '../support/synthetic-cache.ts';

const totals = (interval: { uses: Parameters<typeof totalsOf>[0] }) => totalsOf(interval.uses);

describe('an interval', () => {
  it('is the difference of two snapshots', () => {
    const history = new CacheHistory();
    expect(
      totals(history.advance(cacheSnapshot({ 'cat[1] /a': { accesses: 100, misses: 100 } }))),
    ).toMatchObject({ accesses: 100, hits: 0, misses: 100, ratio: 0, waited: 1 });
    const second = cacheSnapshot({ 'cat[1] /a': { accesses: 200, misses: 100 } }, 2);
    expect(totals(history.advance(second))).toMatchObject({
      accesses: 100,
      hits: 100,
      misses: 0,
      ratio: 1,
      waited: 0,
    });
    expect(totals(history.whole(second))).toMatchObject({ accesses: 200, hits: 100, ratio: 0.5 });
  });

  it('has no ratio where nothing was accessed', () => {
    const history = new CacheHistory();
    const snapshot = cacheSnapshot({ 'cp[1] /a': { writes: 4, writeMisses: 1 } });
    expect(totals(history.advance(snapshot))).toMatchObject({
      accesses: 0,
      ratio: null,
      waited: null,
      writeRatio: 0.75,
    });
    expect(history.advance({ ...snapshot, elapsed: 2000 })).toMatchObject({
      length: 1000,
      uses: [],
    });
  });

  it('leaves misses that are booked before their accesses to the interval of those', () => {
    const history = new CacheHistory();
    const first = history.advance(cacheSnapshot({ 'cat[1] /a': { misses: 7, readAhead: 3 } }, 1));
    expect(first.uses).toEqual([]);
    expect(first.carried).toMatchObject([{ counts: { misses: 7, readAhead: 3 } }]);
    const second = history.advance(
      cacheSnapshot({ 'cat[1] /a': { accesses: 10, misses: 7, readAhead: 3 } }, 2),
    );
    expect(totals(second)).toMatchObject({ accesses: 10, misses: 7, readAhead: 3, hits: 0 });
    expect(second.carried).toEqual([]);
  });

  it('takes written pages as they are where the mode cannot see how many were written', () => {
    const unseen = { '/a': { unseen: ['writes'] as const } };
    const interval = new CacheHistory().advance(
      cacheSnapshot({ 'cp[1] /a': { writeMisses: 7 } }, 1, unseen),
    );
    expect(interval.carried).toEqual([]);
    expect(totals(interval)).toMatchObject({ writes: null, writeMisses: 7, writeRatio: null });
  });

  it('keeps what a process did whose use the snapshot has no more, and its name', () => {
    const history = new CacheHistory();
    history.advance(cacheSnapshot({ 'cat[1] /a': { accesses: 5 } }, 1));
    const empty = cacheSnapshot({}, 2);
    expect(history.advance(empty).uses).toEqual([]);
    expect(history.whole(empty).uses).toMatchObject([
      { process: { command: 'cat' }, file: { path: '/a' }, counts: { accesses: 5 } },
    ]);
  });

  it('keeps the names of a use whose process and file the snapshot has no more', () => {
    const history = new CacheHistory();
    history.advance(cacheSnapshot({ 'cat[1] /a': { accesses: 5 } }, 1));
    const nameless = {
      ...cacheSnapshot({ 'cat[1] /a': { accesses: 9 } }, 2),
      processes: new Map(),
      files: new Map(),
      cgroups: new Map(),
    };
    expect(history.advance(nameless).uses).toMatchObject([
      { process: { pid: 1 }, file: { path: '/a' }, cgroup: { path: '/' }, counts: { accesses: 4 } },
    ]);
  });

  it('names a use that never had a name, and keeps it out of the files of storage', () => {
    const nameless = {
      ...cacheSnapshot({ 'cat[1] /a': { accesses: 9 } }),
      processes: new Map(),
      files: new Map(),
      cgroups: new Map(),
    };
    expect(new CacheHistory().advance(nameless).uses).toMatchObject([
      { process: { command: 'process p1' }, file: { path: 'file f:/a', kind: 'other' } },
    ]);
  });

  it('takes back what was corrected, and counts nothing else again', () => {
    const history = new CacheHistory();
    const before = { dirtied: 1000, filled: 3, writeMisses: 997, accesses: 50, readAhead: 1 };
    history.advance(cacheSnapshot({ 'cp[1] /a': before }, 1));
    const after = { dirtied: 1004, filled: 0, writeMisses: 1004, accesses: 50, readAhead: 0 };
    const second = history.advance(cacheSnapshot({ 'cp[1] /a': { ...after, misses: 1 } }, 2));
    expect(totals(second)).toMatchObject({ accesses: 0, dirtied: 4, filled: 0, readAhead: 0 });
    expect(second.carried).toMatchObject([{ counts: { filled: -3, readAhead: -1 } }]);
    const third = cacheSnapshot({ 'cp[1] /a': { ...after, misses: 1, filled: 5 } }, 3);
    expect(totals(history.advance(third))).toMatchObject({ dirtied: 0, filled: 2 });
    expect(totals(history.whole(third))).toMatchObject({ dirtied: 1004, filled: 5, misses: 1 });
  });

  it('counts on where counters begin anew', () => {
    const history = new CacheHistory();
    history.advance(cacheSnapshot({ 'cat[1] /a': { accesses: 50 } }, 1));
    const second = cacheSnapshot({ 'cat[1] /a': { accesses: 8 } }, 2);
    expect(totals(history.advance(second)).accesses).toBe(8);
    expect(totals(history.whole(second)).accesses).toBe(58);
  });
});

const names = ['cat[1] /a', 'cat[1] /b', 'cp[2] /a', 'cp[2] /a /docker'];
const counts = fc.record(
  Object.fromEntries(pageColumns.map((column) => [column, fc.nat(50)])),
) as fc.Arbitrary<PageCounts>;
const steps = fc.array(fc.dictionary(fc.constantFrom(...names), counts), { maxLength: 12 });

it('whatever grows: no part is more than its whole, and with what is carried all intervals add up to the end', () => {
  fc.assert(
    fc.property(steps, (script) => {
      const history = new CacheHistory();
      const cumulative = new Map<string, PageCounts>();
      let shown = noPages;
      let carried = noPages;
      for (const [step, growth] of script.entries()) {
        for (const [name, more] of Object.entries(growth)) {
          cumulative.set(name, addCounts(cumulative.get(name) ?? noPages, more));
        }
        const interval = history.advance(cacheSnapshot(Object.fromEntries(cumulative), step + 1));
        for (const { counts: each } of interval.uses) {
          expect(Math.min(...Object.values(each))).toBeGreaterThanOrEqual(0);
          expect(each.misses + each.readAhead).toBeLessThanOrEqual(each.accesses);
          expect(each.writeMisses).toBeLessThanOrEqual(each.writes);
          shown = addCounts(shown, each);
        }
        carried = interval.carried.map((use) => use.counts).reduce(addCounts, noPages);
      }
      const end = [...cumulative.values()].reduce(addCounts, noPages);
      expect(addCounts(shown, carried)).toEqual(end);
      expect(mapCounts((column) => carried[column]).accesses).toBe(0);
    }),
  );
});

const merge = fc.array(
  fc.record({ growth: fc.dictionary(fc.constantFrom(...names), counts), merges: fc.nat(3) }),
  { maxLength: 10 },
);

it('what is not told apart any more is counted once, and all intervals still add up to the end', () => {
  fc.assert(
    fc.property(merge, (script) => {
      const history = new CacheHistory();
      let snapshot = cacheSnapshot({}, 0);
      let cumulative = new Map<string, PageCounts>();
      let end = noPages;
      let shown = noPages;
      let carried = noPages;
      const put = (name: string, more: PageCounts, into = cumulative) =>
        into.set(name, addCounts(into.get(name) ?? noPages, more));
      for (const [step, { growth, merges }] of script.entries()) {
        for (const [name, more] of Object.entries(growth)) {
          put(name, more);
          end = addCounts(end, more);
        }
        // 1: processes are not told apart · 2: files, too.
        const sums = new Map<string, PageCounts>();
        for (const [name, each] of cumulative) {
          const [, file = '', cgroup = ''] = name.split(' ');
          const who =
            merges === 0 || merges === 3
              ? name
              : `(exited)[0] ${merges === 1 ? file : '/others'} ${cgroup}`;
          put(who.trim(), each, sums);
        }
        cumulative = sums;
        snapshot = cacheSnapshot(Object.fromEntries(cumulative), step + 1);
        const interval = history.advance(snapshot);
        for (const { counts: each } of interval.uses) {
          expect(Math.min(...Object.values(each))).toBeGreaterThanOrEqual(0);
          shown = addCounts(shown, each);
        }
        carried = interval.carried.map((use) => use.counts).reduce(addCounts, noPages);
      }
      const whole = history.whole(snapshot);
      const of = (uses: typeof whole.uses) =>
        uses.map((use) => use.counts).reduce(addCounts, noPages);
      expect(addCounts(of(whole.uses), of(whole.carried))).toEqual(end);
      expect(addCounts(shown, carried).accesses).toEqual(end.accesses);
      expect(addCounts(shown, carried)).toEqual(end);
    }),
  );
});
