import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';

import { fileTable, percentText } from '../../src/view/file-columns.ts';
import { residencyBar } from '../../src/view/residency-bar.ts';
import { residentFile } from '../support/synthetic-files.ts';

const style = { exact: false, unicode: true, folder: '', sort: 'given' } as const;
const states = { dirty: 0, writeback: 0, evicted: 0, recentlyEvicted: 0 };

describe('the bar', () => {
  const bar = (pages: number, cached: number, cells: number[] | null, unicode = true) =>
    residencyBar({ pages, cached, cells }, 16, unicode);

  it('is full, empty, or not there', () => {
    expect(bar(5, 5, null)).toBe('█'.repeat(16));
    expect(bar(5, 0, null)).toBe(' '.repeat(16));
    expect(bar(5, 0, null, false)).toBe('.'.repeat(16));
    expect(bar(0, 0, null)).toBe('');
  });

  it('shows where the pages are, by parts', () => {
    expect(bar(160, 25, [10, 5, ...Array.from({ length: 13 }, () => 0), 10])).toBe(
      '█▄             █',
    );
    expect(bar(2, 1, [0, 1])).toBe(`${' '.repeat(8)}${'█'.repeat(8)}`);
  });

  it('is full or empty only where all or nothing is resident', () => {
    const most = bar(16_000, 999, [999, ...Array.from({ length: 15 }, () => 0)]);
    const least = bar(16_000, 1, [1, ...Array.from({ length: 15 }, () => 0)], false);
    expect([most[0], least[0]]).toEqual(['▇', ':']);
  });
});

it('gives 0 and 100 percent only where it is exactly that', () => {
  expect(percentText({ pages: 100_000, cached: 99_999 })).toBe('99.9');
  expect(percentText({ pages: 100_000, cached: 1 })).toBe('0.1');
  expect(percentText({ pages: 3, cached: 3 })).toBe('100.0');
  expect(percentText({ pages: 3, cached: 0 })).toBe('0.0');
  expect(percentText({ pages: 0, cached: 0 })).toBe('-');
});

describe('the table', () => {
  it('has every column, whole names and exact numbers where there is no terminal', () => {
    const rows = [
      residentFile('/srv/a', 300, 1, { states: { ...states, dirty: 1 } }),
      residentFile('/srv/b c', 2, 2, { method: 'mincore', states: null }),
    ];
    expect(fileTable(rows, null, { ...style, exact: true, unicode: false })).toEqual([
      'Name         Size  Pages  Cached  Percent  Dirty  Writeback  Evicted  Recent  Method     Residency',
      '/srv/a    1228800    300       1      0.3      1          0        0       0  cachestat  [@@@@@@@@@@@@@@@@]',
      '/srv/b c     8192      2       2    100.0      -          -        -       -  mincore    [@@@@@@@@@@@@@@@@]',
    ]);
  });

  it('leaves out on a terminal what no row has to say, but not what it is sorted by', () => {
    const rows = [residentFile('/srv/a', 300, 0)];
    expect(fileTable(rows, 100, style)[0]).toBe('Name     Size  Pages  Cached  Percent  Residency');
    expect(fileTable(rows, 100, { ...style, sort: 'dirty' })[0]).toContain('Dirty');
    expect(fileTable(rows, 40, { ...style, sort: 'dirty' })[0]).toContain('Dirty');
  });

  it('shortens a name at its beginning', () => {
    const rows = [residentFile('/var/lib/some/where/very/deep/in/the/tree/ibdata1', 300, 0)];
    const [, line = ''] = fileTable(rows, 60, style);
    expect(line).toMatch(/^\.\.\.\S*tree\/ibdata1 /);
  });

  it('is never wider than the terminal', () => {
    const name = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ minLength: 60 }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.nat())),
        fc.integer({ min: 44, max: 200 }),
        (drawn, width) => {
          const rows = drawn.map(([path, pages]) =>
            residentFile(Buffer.from(path).toString('latin1'), pages, Math.floor(pages / 2), {
              states: { ...states, evicted: pages },
              cells: [Math.floor(pages / 2)],
            }),
          );
          for (const line of fileTable(rows, width, style))
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
