import { describe, expect, it } from 'vitest';
import { cacheViews } from '../../src/domain/cache-report.ts';
import { milliseconds } from '../../src/domain/units.ts';
import { cacheJson } from '../../src/formats/cache/json.ts';
import { validLine } from '../support/cache-schema.ts';
import { shownAs, wholeCacheReport, wholeCacheSession } from './whole-cache.ts';

/** The object of the only line. */
function parsed(output: string): Record<string, unknown> {
  expect(output.indexOf('\n')).toBe(output.length - 1);
  return validLine(output);
}

const json = (changes = {}) => cacheJson(shownAs(changes));

describe('a line of JSON keeps to docs/cache.schema.json', () => {
  it('that opens the output: with the mode and what it cannot see', () => {
    const { snapshot } = wholeCacheReport();
    const opening = { snapshot, interval: milliseconds(1000), only: 'pid 7' };
    expect(parsed(json().opening(opening))).toMatchObject({
      v: 1,
      type: 'meta',
      time: '2026-01-01T12:00:02.000Z',
      only: 'pid 7',
      mode: 'btf-tracepoint',
      blindSpots: [{ code: 'mapped-hits' }],
    });
  });

  it.each([null, ...cacheViews])('of an interval by %s', (by) => {
    const sample = parsed(json({ by }).report(wholeCacheReport(by ?? 'process')));
    expect(sample).toMatchObject({
      type: 'sample',
      spanMs: 1000,
      elapsedMs: 2000,
      system: { accesses: 1132, hits: 78, misses: 34, readAhead: 1020, writes: 10, direct: 4 },
      apart: { metadata: { accesses: 3 }, memory: { accesses: 6, hits: null, misses: null } },
      losses: [{ reason: 'uses-full', count: 1200 }],
    });
    expect('rows' in sample).toBe(by !== null);
  });

  it('of the whole session', () => {
    const total = parsed(json().last(wholeCacheSession(), 'ended')) as { uses: object[] };
    expect(total).toMatchObject({ type: 'total', system: { accesses: 1532, misses: 434 } });
    expect(total.uses).toHaveLength(7);
    expect(total.uses).toContainEqual(
      expect.objectContaining({
        pid: 9,
        user: 'root',
        command: 'mysqld',
        cgroup: '/docker/db',
        path: '/var/db',
        hostPath: '/containers/1/var/db',
        device: '8:1',
        deleted: true,
        accesses: 500,
        hits: 70,
        misses: 410,
        readAhead: 20,
        faults: 5,
      }),
    );
  });
});

it('has null for what cannot be seen, and a notice where a sum is of some files only', () => {
  const sample = parsed(json({ by: 'file' }).report(wholeCacheReport('file'))) as {
    rows: { path: string }[];
  };
  const row = (name: string) => sample.rows.find((each) => each.path === name);
  expect(row('/mnt/b')).toMatchObject({ accesses: 8, writes: null, writeRatio: null });
  expect(row('/var/db')).toMatchObject({ resident: null, sizeBytes: null });
  expect(sample).toMatchObject({
    system: { partial: ['writes', 'writeMisses'] },
    notices: [{ code: 'partial-columns' }],
  });
});

it('says who evicts whom, and what of it came back', () => {
  const { evictions } = parsed(json().report(wholeCacheReport())) as { evictions: object[] };
  const rows = [
    { by: { pid: 77 }, file: { path: '/var/db' }, evicted: 289, added: 1024, cameBack: 29 },
    { by: { pid: 6 }, evicted: 3, added: 10, cameBack: 0 },
    { by: { pid: 9 }, evicted: 8, added: 430, isOwn: true, cameBack: 1 },
  ];
  expect(evictions).toMatchObject(rows);
});

it('gives --rows rows of a table, sorted, and says how many there are', () => {
  const shown = { by: 'process', sort: 'misses', rows: 1 };
  expect(parsed(json(shown).report(wholeCacheReport()))).toMatchObject({
    rowCount: 5,
    rows: [{ pid: 77 }],
  });
});
