import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CacheFilter, noFilter } from '../../src/domain/cache-filter.ts';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { cacheReport, cacheViews, type CacheView } from '../../src/domain/cache-report.ts';
import { pageColumns } from '../../src/domain/cache-snapshot.ts';
import { cacheSnapshot, type FileTraits, type Uses } from '../support/synthetic-cache.ts';

const reportOf = (
  uses: Uses,
  view: CacheView = 'process',
  traits: FileTraits = {},
  filter: CacheFilter = noFilter,
) => cacheReport(new CacheHistory().advance(cacheSnapshot(uses, 1, traits)), { view, filter });

const uses: Uses = {
  'cat[1] /a /x': { accesses: 10, misses: 2, readAhead: 3 },
  'cat[1] /b /x': { accesses: 20 },
  'cp[2] /a /x/y': { accesses: 40, misses: 40 },
  'cp[2] /dev/sda /x/y': { accesses: 7, misses: 7 },
  'sh[3] /shm /z': { accesses: 9, writes: 1 },
};
const traits: FileTraits = {
  '/dev/sda': { kind: 'metadata' },
  '/shm': { kind: 'memory' },
};

describe('a report', () => {
  it('has files of storage only in its totals and ratio, and the others apart', () => {
    expect(reportOf(uses, 'process', traits)).toMatchObject({
      system: { accesses: 70, hits: 25, misses: 42, readAhead: 3, ratio: 25 / 70, waited: 42 / 70 },
      apart: { metadata: { accesses: 7 }, memory: { accesses: 9 }, other: { accesses: 0 } },
      filter: null,
    });
  });

  it('has a row for each process, file or control group', () => {
    const rows = (view: CacheView) =>
      reportOf(uses, view, traits).rows.map(({ subject, totals, apart }) => [
        subject.view === 'process'
          ? subject.process.pid
          : subject.view === 'file'
            ? subject.file.path
            : subject.cgroup.path,
        totals.accesses,
        apart.accesses,
      ]);
    expect(rows('process')).toEqual([
      [2, 40, 7],
      [1, 30, 0],
      [3, 0, 9],
    ]);
    expect(rows('file')).toEqual([
      ['/a', 50, 0],
      ['/b', 20, 0],
      ['/shm', 9, 0],
      ['/dev/sda', 7, 0],
    ]);
    expect(rows('cgroup')).toEqual([
      ['/x/y', 40, 7],
      ['/x', 30, 0],
      ['/z', 0, 9],
    ]);
  });

  it('has the files of each process, and the processes of each file', () => {
    const cells = (view: CacheView, name: string) => {
      const report = reportOf(uses, view, traits);
      return report
        .detail(name)
        .map(({ process, file, totals }) => [process.pid, file.path, totals.accesses]);
    };
    expect(cells('process', 'p1')).toEqual([
      [1, '/b', 20],
      [1, '/a', 10],
    ]);
    expect(cells('file', 'f:/a')).toEqual([
      [2, '/a', 40],
      [1, '/a', 10],
    ]);
    expect(cells('process', 'nobody')).toEqual([]);
  });

  it('is confined to processes, files, directories and control groups', () => {
    const confined = (filter: Partial<CacheFilter>) => {
      const report = reportOf(uses, 'process', traits, { ...noFilter, ...filter });
      expect(report.filter).not.toBeNull();
      return report.system.accesses;
    };
    const file = (path: string, isDirectory = false) => ({
      files: [{ path, isDirectory, device: null, inode: null }],
    });
    expect(confined({ pids: [2] })).toBe(40);
    expect(confined({ pids: [1, 2] })).toBe(70);
    expect(confined(file('/a'))).toBe(50);
    expect(confined(file('/', true))).toBe(70);
    expect(confined(file('/a', true))).toBe(50);
    expect(confined({ cgroup: '/x' })).toBe(70);
    expect(confined({ cgroup: '/x/y' })).toBe(40);
    expect(confined({ cgroup: '/x/' })).toBe(70);
    expect(confined({ cgroup: '/' })).toBe(70);
    expect(confined({ ...file('/a'), pids: [1] })).toBe(10);
    expect(confined(file('/x'))).toBe(0);
  });

  it('finds a file by its name on the host, and by device and inode whatever its name', () => {
    const known: FileTraits = { '/a': { hostPath: '/containers/1/a', device: '8:2', inode: 77n } };
    const confined = (path: string, device: string | null, inode: bigint | null) =>
      reportOf(uses, 'file', known, {
        ...noFilter,
        files: [{ path, isDirectory: false, device, inode }],
      }).system.accesses;
    expect(confined('/containers/1/a', null, null)).toBe(50);
    expect(confined('/link', '8:2', 77n)).toBe(50);
    expect(confined('/link', '8:3', 77n)).toBe(0);
  });

  it('says that files without a name may be below a directory that it is confined to', () => {
    const unnamed: FileTraits = { '8:1:7': { named: 'none' } };
    const within = (path: string, isDirectory: boolean) =>
      reportOf({ 'cat[1] 8:1:7': { accesses: 1 } }, 'file', unnamed, {
        ...noFilter,
        files: [{ path, isDirectory, device: null, inode: null }],
      }).notices.map(({ code }) => code);
    expect(within('/var', true)).toEqual(['unnamed-files']);
    expect(within('/var', false)).toEqual([]);
  });

  it('has null for what no file can show, and a notice where only some can', () => {
    const blind: FileTraits = { '/a': { unseen: ['writes', 'writeMisses'] } };
    const [all] = reportOf({ 'cat[1] /a': { accesses: 4, writes: 3 } }, 'process', blind).rows;
    expect(all?.totals).toMatchObject({ accesses: 4, writes: null, writeRatio: null, partial: [] });
    const some = reportOf(
      { 'cat[1] /a': { accesses: 4, writes: 3 }, 'cat[1] /b': { writes: 2, writeMisses: 1 } },
      'process',
      blind,
    );
    expect(some.system).toMatchObject({ writes: 2, writeRatio: 0.5 });
    expect(some.notices).toMatchObject([
      { code: 'partial-columns', text: expect.stringContaining('writes, writeMisses') as string },
    ]);
  });

  it('takes no access for a hit of a file whose misses cannot be seen', () => {
    const blind: FileTraits = { '/a': { unseen: ['misses', 'readAhead'] } };
    const { system } = reportOf(
      { 'cat[1] /a': { accesses: 100 }, 'cat[1] /b': { accesses: 10, misses: 5 } },
      'process',
      blind,
    );
    expect(system).toMatchObject({ accesses: 110, hits: 5, misses: 5, ratio: 0.5, waited: 0.5 });
  });

  it('says that pages of calls under way are counted later', () => {
    expect(reportOf({ 'cat[1] /a': { misses: 3, accesses: 1 } }).notices).toEqual([
      { code: 'carried', text: expect.stringMatching(/^2 pages .* later interval$/) as string },
    ]);
    const other = { ...noFilter, pids: [2] };
    expect(reportOf({ 'cat[1] /a': { misses: 3 } }, 'process', {}, other).notices).toEqual([]);
  });

  it('has evictions of what it is confined to: by its processes, or of their files', () => {
    const evictions = (filter: Partial<CacheFilter>) =>
      reportOf(
        {
          'cp[2] /new': { filled: 10 },
          'kswapd0[40] /old': { evicted: 5, reclaimed: 5 },
          'cat[1] /old': { accesses: 5 },
          'sh[3] /other': { accesses: 5 },
        },
        'process',
        {},
        { ...noFilter, ...filter },
      ).evictions.length;
    expect(evictions({})).toBe(1);
    expect(evictions({ pids: [2] })).toBe(1);
    expect(evictions({ pids: [1] })).toBe(1);
    expect(evictions({ pids: [3] })).toBe(0);
    const file = { isDirectory: false, device: null, inode: null };
    expect(evictions({ files: [{ ...file, path: '/old' }] })).toBe(1);
    expect(evictions({ files: [{ ...file, path: '/new' }] })).toBe(0);
  });
});

const names = fc.constantFrom('a[1] /a /x', 'a[1] /b /x', 'b[2] /a /x', 'b[2] /c /y', 'c[3] /m /y');
const some = fc.dictionary(
  names,
  fc.record(Object.fromEntries(pageColumns.map((column) => [column, fc.nat(99)]))),
);

it('rows of every view add up to the totals', () => {
  fc.assert(
    fc.property(some, (random) => {
      for (const view of cacheViews) {
        const report = reportOf(random, view, { '/m': { kind: 'memory' } });
        const stored = report.rows.filter(
          ({ subject }) => subject.view !== 'file' || subject.file.kind === 'file',
        );
        for (const column of [...pageColumns, 'hits' as const]) {
          const sum = stored.reduce((all, { totals }) => all + (totals[column] ?? NaN), 0);
          expect(sum).toBe(report.system[column]);
        }
        for (const { id, totals, apart } of report.rows) {
          const cells = report.detail(id).reduce((all, cell) => all + (cell.totals.hits ?? NaN), 0);
          expect(cells).toBe((totals.hits ?? NaN) + (apart.hits ?? NaN));
        }
      }
    }),
  );
});
