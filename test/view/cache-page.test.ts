import { describe, expect, it } from 'vitest';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { cacheReport, type CacheView } from '../../src/domain/cache-report.ts';
import { cacheRemarksPage, cacheRowPage } from '../../src/view/cache-page.ts';
import { cacheSnapshot, type Uses } from '../support/synthetic-cache.ts';

const paper = { width: 100, unicode: true };

const reportOf = (view: CacheView, uses: Uses) =>
  cacheReport(new CacheHistory().advance(cacheSnapshot(uses)), { view });

const uses: Uses = {
  'db[7] /srv/data/orders /system.slice/db': { accesses: 80, misses: 20 },
  'db[7] /srv/log /system.slice/db': { writes: 4, dirtied: 4 },
  'cp[8] /srv/data/orders /user.slice': { accesses: 10 },
};

const pageOf = (view: CacheView, width = 100): string[] => {
  const report = reportOf(view, uses);
  return cacheRowPage(report.rows[0]!, report, { ...paper, width });
};
const rowsOf = (page: readonly string[]): string[] =>
  page.filter((line) => /^ +\d+ +\d+ /.test(line)).map((line) => line.replace(/ +/g, ' ').trim());

describe('an open row', () => {
  it('of a process has its files', () => {
    const page = pageOf('process');
    expect(page[0]).toBe('db[7] and its files, in the last 1.0s');
    expect(page[1]).toBe(
      '  80 pages read: 60 hits (75.00%), 0 read ahead, 20 waited for; 4 written; 4 dirtied',
    );
    expect(rowsOf(page)).toEqual([
      expect.stringMatching(/^60 20 75\.00% .* \/srv\/data\/orders$/),
      expect.stringMatching(/^0 0 - .* \/srv\/log$/),
    ]);
  });

  it('of a file has its processes, and what is cached of it', () => {
    const page = pageOf('file');
    expect(page[0]).toBe('/srv/data/orders and its processes, in the last 1.0s');
    expect(page.join('\n')).toContain('in the cache now: 1.00M of 1.00M');
    expect(rowsOf(page)).toEqual([
      expect.stringMatching(/^60 20 75\.00% .* db\[7\]$/),
      expect.stringMatching(/^10 0 100\.00% .* cp\[8\]$/),
    ]);
  });

  it('of a control group has both', () => {
    expect(rowsOf(pageOf('cgroup'))[0]).toMatch(/ db\[7\] \/srv\/data\/orders$/);
  });

  it('of a long name keeps the end of it, and what the page is about', () => {
    expect(pageOf('file', 50)[0]).toBe('…v/data/orders and its processes, in the last 1.0s');
  });

  it('that is idle says so', () => {
    const [row] = reportOf('process', uses).rows;
    const page = cacheRowPage(row!, reportOf('process', {}), paper);
    expect(page.join('\n')).toContain('nothing in the last 1.0s');
  });
});

it('the page of remarks has the mode, what it cannot see, and what stands apart', () => {
  const page = cacheRemarksPage(reportOf('process', uses), 'pid 7', paper).join('\n');
  expect(page).toContain('mode btf-tracepoint (not fentry: the kernel refused it (EPERM))');
  expect(page).toContain('cannot see: reads of mapped pages that do not fault (mapped-hits)');
  expect(page).toContain('only pid 7');
  expect(page).toContain('metadata: no page read');
});
