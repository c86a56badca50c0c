import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fileReport, fileSortKeys } from '../../src/domain/file-report.ts';
import { residentFile } from '../support/synthetic-files.ts';

const all = { sort: 'given', top: Infinity } as const;
const pathsOf = (report: ReturnType<typeof fileReport>) => report.rows.map(({ path }) => path);

describe('a report of files', () => {
  const states = { dirty: 0, writeback: 0, evicted: 0, recentlyEvicted: 0 };
  const files = [
    residentFile('b', 10, 5, { states: { ...states, dirty: 1 } }),
    residentFile('a', 100, 4, { states: { ...states, evicted: 9 } }),
    residentFile('d', 0, 0),
    residentFile('c', 3, 3, { method: 'mincore', states: null }),
  ];

  it.each([
    ['given', 'badc'],
    ['name', 'abcd'],
    ['size', 'abcd'],
    ['cached', 'bacd'],
    ['percent', 'cbad'],
    ['dirty', 'badc'],
    ['evicted', 'abdc'],
  ] as const)('sorts by %s: %s', (sort, order) => {
    expect(pathsOf(fileReport(files, [], { sort, top: Infinity })).join('')).toBe(order);
  });

  it('sums up what each method told', () => {
    expect(fileReport(files, [], all).totals).toEqual({
      files: 4,
      repeated: 0,
      size: 113 * 4096,
      pages: 113,
      cached: 12,
      states: { dirty: 1, writeback: 0, evicted: 9, recentlyEvicted: 0 },
      byMethod: { cachestat: 2, mincore: 1, none: 1 },
    });
  });

  it('counts a file once, under the name that came first', () => {
    const first = residentFile('first', 8, 2);
    const again = { ...first, path: 'again' };
    const report = fileReport([first, again, residentFile('other', 1, 1)], [], {
      ...all,
      sort: 'name',
    });
    expect(report.totals).toMatchObject({ files: 2, repeated: 1, pages: 9, cached: 3 });
    expect([...report.sameAs]).toEqual([[again, 'first']]);
    expect(pathsOf(report)).toEqual(['again', 'first', 'other']);
  });

  it('has the same total however it is sorted and cut', () => {
    const file = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(9));
    fc.assert(
      fc.property(
        fc.array(file),
        fc.constantFrom(...fileSortKeys),
        fc.nat(5),
        (drawn, sort, top) => {
          const made = drawn.map(([pages, more, inode]) =>
            residentFile(`f${pages}`, pages + more, pages, { identity: `1:${inode}` }),
          );
          const report = fileReport(made, [], { sort, top });
          expect(report.totals).toEqual(fileReport(made, [], all).totals);
          expect(report.rows.length + report.omitted).toBe(made.length);
          expect(report.totals.files + report.totals.repeated).toBe(made.length);
          expect(report.totals.files).toBe(new Set(drawn.map(([, , inode]) => inode)).size);
        },
      ),
    );
  });
});
