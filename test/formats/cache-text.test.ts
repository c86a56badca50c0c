import { describe, expect, it } from 'vitest';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { cacheReport } from '../../src/domain/cache-report.ts';
import { milliseconds } from '../../src/domain/units.ts';
import type { CacheShown } from '../../src/formats/cache/format.ts';
import { cacheText } from '../../src/formats/cache/text.ts';
import { clockText } from '../../src/view/units.ts';
import { cacheSnapshot, type Uses } from '../support/synthetic-cache.ts';
import { shownAs, wholeCacheReport, wholeCacheSession } from './whole-cache.ts';

const opening = { interval: milliseconds(1000), only: null };

/** All lines of one interval with these uses. */
const printed = (uses: Uses, changes: Partial<CacheShown> = {}): string[] => {
  const shown = shownAs(changes);
  const format = cacheText(shown);
  const snapshot = cacheSnapshot(uses);
  const interval = new CacheHistory().advance(snapshot);
  const report = cacheReport(interval, { view: shown.by ?? 'process' });
  return (format.opening({ ...opening, snapshot }) + format.report(report)).trimEnd().split('\n');
};

const unmarked = (lines: readonly string[]): string[] =>
  lines.filter((line) => !line.startsWith('#'));

const cold: Uses = { 'cat[7] /a': { accesses: 1000, misses: 24, readAhead: 976, filled: 1000 } };
const warm: Uses = { 'cat[7] /a': { accesses: 1000 } };

describe('the lines of the whole system', () => {
  it('begin as those of cachestat, with what is ours behind', () => {
    const [header, line] = unmarked(printed(cold));
    expect(header).toMatch(
      /^ {4}HITS {3}MISSES {2}DIRTIES HITRATIO {3}BUFFERS_MB {2}CACHED_MB READAHEAD {2}WAITED /,
    );
    expect(line).toMatch(/^ {7}0 {5}1000 {8}0 {4}0\.00% {11}38 {7}2150 {7}976 {3}2\.40% /);
  });

  it('are just those of cachestat with --compat', () => {
    expect(printed(warm, { compat: true })).toEqual([
      '    HITS   MISSES  DIRTIES HITRATIO   BUFFERS_MB  CACHED_MB',
      '    1000        0        0  100.00%           38       2150',
    ]);
  });

  it('begin with the time with -T', () => {
    const lines = printed(warm, { compat: true, timestamp: true });
    expect(lines[0]).toMatch(/^TIME {9}HITS/);
    expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d {5}1000 /);
  });

  it('give a script that divides hits by hits and misses the ratio that they say', () => {
    for (const uses of [
      cold,
      warm,
      { 'cat[7] /a': { accesses: 999, misses: 3, readAhead: 330 } },
    ]) {
      const [, line = ''] = unmarked(printed(uses));
      const [hits = NaN, misses = NaN, , ratio = ''] = line
        .trim()
        .split(/\s+/)
        .map((word) => (word.endsWith('%') ? word : Number(word)));
      const computed = (Number(hits) / (Number(hits) + Number(misses))) * 100;
      expect(`${computed.toFixed(2)}%`).toBe(ratio);
    }
  });

  it('have a dash where nothing was accessed', () => {
    const [, line = ''] = unmarked(printed({ 'cp[7] /a': { writes: 4, dirtied: 4 } }));
    expect(line).toMatch(/^ {7}0 {8}0 {8}4 {8}- /);
  });

  it('say first what the mode is and what it cannot see', () => {
    const lines = printed(cold);
    expect(lines[0]).toMatch(/^# memtrace cache, mode btf-tracepoint \(not fentry: .*EPERM/);
    expect(lines[1]).toBe('# cannot see: reads of mapped pages that do not fault (mapped-hits)');
  });
});

describe('a table', () => {
  it('of processes begins as those of cachetop', () => {
    const lines = unmarked(printed(cold, { by: 'process' }));
    const clock = clockText(cacheSnapshot(cold).takenAt);
    expect(lines[0]).toBe(
      `${clock} Buffers MB: 38 / Cached MB: 2150 / Sort: HITS / Order: descending`,
    );
    expect(lines[1]).toMatch(
      /^PID {6}USER {5}CMD {14}HITS {5}MISSES {3}DIRTIES {2}READ_HIT% {2}WRITE_HIT% READAHEAD/,
    );
    expect(lines[2]).toMatch(/^7 {8}root {5}cat {21}0 {5}1000 {8}0 {6}0\.00% {10}- {7}976 /);
  });

  it('of processes is just that of cachetop with --compat', () => {
    const lines = printed(cold, { by: 'process', compat: true });
    expect(lines.map((line) => line.trimEnd().split(/\s+/).length)).toEqual([14, 8, 8]);
  });

  it('of files ends with the path, whatever it is made of', () => {
    const lines = unmarked(printed({ 'cat[7] /a\u001b[2Jb': { accesses: 1 } }, { by: 'file' }));
    expect(lines[1]).toMatch(/RESIDENT .* PATH$/);
    expect(lines[2]).toMatch(/ \/a\\x1b\[2Jb$/);
  });

  it('of control groups ends with their path', () => {
    const lines = unmarked(printed({ 'cat[7] /a /docker/x': { accesses: 1 } }, { by: 'cgroup' }));
    expect(lines[2]).toMatch(/ \/docker\/x$/);
  });

  it('says how many rows it leaves out', () => {
    const uses = { 'a[1] /a': { accesses: 2 }, 'b[2] /a': { accesses: 1 } };
    const lines = printed(uses, { by: 'process', rows: 1 });
    expect(unmarked(lines)).toHaveLength(3);
    expect(lines.at(-1)).toBe('# 1 more rows are not shown (--rows)');
  });

  it('is sorted by the column asked for', () => {
    const uses = { 'b[1] /a': { accesses: 2 }, 'a[2] /a': { accesses: 1 } };
    const words = (changes: Partial<CacheShown>) =>
      unmarked(printed(uses, { by: 'process', ...changes }));
    expect(words({ sort: 'command' })[0]).toContain('Sort: CMD / Order: ascending');
    expect(words({ sort: 'command' })[2]).toMatch(/ a /);
    expect(words({ reverse: true })[0]).toContain('Sort: HITS / Order: ascending');
    expect(words({ reverse: true })[2]).toMatch(/ a /);
  });
});

describe('remarks', () => {
  it('have losses in every shape of output, said once as long as they do not change', () => {
    const lost = '# LOST: 1,200 page uses not booked: the table of uses was full (--max-rows)';
    expect(cacheText(shownAs({ compat: true })).report(wholeCacheReport())).toContain(lost);
    const format = cacheText(shownAs());
    expect(format.report(wholeCacheReport())).toContain(lost);
    expect(format.report(wholeCacheReport())).not.toContain(lost);
  });

  it('say who evicts whom', () => {
    expect(cacheText(shownAs()).report(wholeCacheReport())).toContain(
      '# rsync[77] filled 4.00 MiB while 1.13 MiB of /var/db were evicted; 116 KiB of it were read again within 2.0s\n',
    );
  });

  it('end the output with the whole session', () => {
    const last = cacheText(shownAs()).last(wholeCacheSession(), 'ended');
    expect(last).toMatch(
      /^# in 2\.0s since the session began: 1,532 pages read: 78 hits \(5\.09%\), 1,020 read ahead, 434 waited for; 10 written; /,
    );
    expect(last).toContain('# apart, metadata: 3 pages read');
    expect(last).toContain('#   rsync[77] /backup: 1,024 pages read: 0 hits (0.00%)');
    expect(last.split('\n').every((line) => line === '' || line.startsWith('#'))).toBe(true);
  });

  it('have the table of the session below where the run was ended before all reports were given', () => {
    const ends = (ending: 'ended' | 'all-reports') =>
      unmarked(
        cacheText(shownAs({ by: 'process' }))
          .last(wholeCacheSession(), ending)
          .trimEnd()
          .split('\n'),
      ).length;
    expect(ends('all-reports')).toBe(0);
    expect(ends('ended')).toBe(7);
  });
});
