import { describe, expect, it } from 'vitest';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { cacheReport, cacheViews } from '../../src/domain/cache-report.ts';
import {
  cacheColumns,
  cacheMeasures,
  fittingCacheColumns,
  sortedRows,
} from '../../src/view/cache-columns.ts';
import { cacheSnapshot, type FileTraits, type Uses } from '../support/synthetic-cache.ts';

const reportOf = (uses: Uses, view: (typeof cacheViews)[number], traits: FileTraits = {}) =>
  cacheReport(new CacheHistory().advance(cacheSnapshot(uses, 1, traits)), { view });

const users = new Map([[0, 'root']]);

const shown = (...args: Parameters<typeof reportOf>): Record<string, string>[] => {
  const report = reportOf(...args);
  return report.rows.map((row) =>
    Object.fromEntries(
      cacheColumns[report.view].map(({ title, text }) => [title, text(row, users)]),
    ),
  );
};

describe('a row of the table', () => {
  it('of a process has the columns of cachetop, whose hits and misses make its ratio', () => {
    expect(
      shown({ 'cat[7] /a': { accesses: 80, misses: 4, readAhead: 16, dirtied: 3 } }, 'process'),
    ).toMatchObject([
      {
        'PID': '7',
        'USER': 'root',
        'CMD': 'cat',
        'HITS': '60',
        'MISSES': '20',
        'DIRTIES': '3',
        'READ_HIT%': '75.00%',
        'WRITE_HIT%': '-',
        'READAHEAD': '16',
        'WAITED': '5.00%',
      },
    ]);
  });

  it('of a process has what it did with metadata and memory apart', () => {
    const traits = { '/shm': { kind: 'memory' as const } };
    const uses = { 'cat[7] /a': { accesses: 8 }, 'cat[7] /shm': { accesses: 5, writes: 2 } };
    expect(shown(uses, 'process', traits)).toMatchObject([{ HITS: '8', APART: '7' }]);
  });

  it('of a file says what it is', () => {
    const traits = { '/a\nb': { deleted: true, links: 2, hostPath: '/up/a', resident: 9 } };
    expect(shown({ 'cat[7] /a\nb': { accesses: 8 } }, 'file', traits)).toMatchObject([
      { RESIDENT: '9', PATH: '/a\\x0ab (deleted, one of 2 links, on the host /up/a)' },
    ]);
  });

  it('of a control group has its path', () => {
    expect(shown({ 'cat[7] /a /docker/x': { accesses: 8 } }, 'cgroup')).toMatchObject([
      { HITS: '8', CGROUP: '/docker/x' },
    ]);
  });

  it('has a dash for what cannot be seen', () => {
    const traits = { '/a': { unseen: ['misses', 'readAhead'] as const, resident: null } };
    expect(shown({ 'cat[7] /a': { accesses: 8, writes: 1 } }, 'file', traits)).toMatchObject([
      { HITS: '-', MISSES: '-', HITRATIO: '-', READAHEAD: '-', RESIDENT: '-', WRITES: '1' },
    ]);
  });
});

it('rows are sorted by any column, those without a value last in both directions', () => {
  const uses = {
    'b[1] /a': { accesses: 10, misses: 5 },
    'a[2] /a': { writes: 90 },
    'c[3] /a': { accesses: 10 },
  };
  const { rows } = reportOf(uses, 'process');
  const sorted = (id: string, reverse = false) =>
    sortedRows(
      rows,
      cacheColumns.process.find((column) => column.id === id)!,
      reverse,
    ).map(({ subject }) => (subject.view === 'process' ? subject.process.command : ''));
  expect(sorted('ratio')).toEqual(['c', 'b', 'a']);
  expect(sorted('ratio', true)).toEqual(['b', 'c', 'a']);
  expect(sorted('command')).toEqual(['a', 'b', 'c']);
  expect(sorted('writes')[0]).toBe('a');
});

describe.each(cacheViews)('the columns of the view %s', (view) => {
  const widthOf = (columns: ReturnType<typeof fittingCacheColumns>) =>
    columns.reduce((sum, { width }) => sum + (width || 20) + 1, -1);

  it('have titles that fit into them, and ids of their own', () => {
    for (const { title, width } of cacheColumns[view])
      expect(width === 0 || title.length <= width).toBe(true);
    const ids = cacheColumns[view].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([60, 80, 100, 120, 200])('fit into %i characters', (width) => {
    const columns = fittingCacheColumns(view, users, width, 'hits');
    expect(widthOf(columns)).toBeLessThanOrEqual(width);
    expect(columns.map(({ id }) => id)).toContain('ratio');
  });

  it('are all there where there is room', () => {
    const ids = fittingCacheColumns(view, users, 300, 'hits').map(({ id }) => id);
    expect(ids).toEqual(cacheColumns[view].map(({ id }) => id));
  });
});

it('each measure has its own id as its key', () => {
  expect(Object.entries(cacheMeasures).filter(([key, { id }]) => key !== id)).toEqual([]);
});
