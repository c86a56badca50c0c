import { expect, it } from 'vitest';
import { History } from '../../src/domain/history.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';

const history = (...reports: readonly (readonly [at: number, rows: Record<string, number>])[]) => {
  const notes = new History();
  for (const [at, rows] of reports) {
    notes.add(
      Object.entries(rows).map(([key, live]) => ({ key, live: bytes(live) })),
      milliseconds(at),
    );
  }
  return notes;
};

it('knows no growth before there are two reports', () => {
  expect(history([1000, { a: 5000 }]).growth('a')).toBe(null);
});

it('gives the mean growth since the first report', () => {
  const notes = history([1000, { a: 0 }], [2000, { a: 9000 }], [5000, { a: 8000 }]);
  expect(notes.growth('a')).toBe(2000);
  expect(notes.series('a')).toEqual([0, 9000, 8000]);
});

it('is not misled by a report that is repeated at the end', () => {
  const notes = history([1000, { a: 0 }], [2000, { a: 500 }], [2000, { a: 600 }]);
  expect(notes.growth('a')).toBe(600);
  expect(notes.series('a')).toEqual([0, 600]);
});

it('counts a row that is new from the report before, when it held nothing', () => {
  const notes = history([1000, {}], [3000, { a: 400 }]);
  expect(notes.growth('a')).toBe(200);
});

it('shows a shrinking row as such', () => {
  expect(history([0, { a: 900 }], [1000, { a: 100 }]).growth('a')).toBe(-800);
});

it('forgets the oldest of many reports, and rows that are gone', () => {
  const notes = new History();
  for (let i = 0; i < 200; i++) {
    notes.add([{ key: 'a', live: bytes(i * i) }], milliseconds(i * 1000));
  }
  expect(notes.series('a')).toHaveLength(60);
  expect(notes.growth('a')).toBeCloseTo((199 ** 2 - 140 ** 2) / 59);
  notes.add([], milliseconds(201_000));
  expect(notes.series('a')).toEqual([]);
});
