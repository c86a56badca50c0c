import { describe, expect, test } from 'vitest';

import { canDraw, screensOf, sizes } from './drawn-screen.ts';

/** Longer than any test: what changes then is an answer to a key. */
const never = { INTERVAL_MS: '60000' };

describe.skipIf(!canDraw())('the cache screen', () => {
  const { open, hasReport } = screensOf('play-cache.ts');

  test.for(sizes)(
    'at %s × %s has the system, the tabs, its rows, who evicts whom and its keys, each on its lines',
    async ([columns, rows]) => {
      const terminal = await open(columns, rows);
      const lines = await terminal.until((screen) => / ▆{4}/.test(screen));
      expect(lines).toHaveLength(rows);
      expect(lines[0]).toMatch(/^memtrace cache {2}every 0\.25s {2}btf-tracepoint {2}for /);
      expect(lines[0]).toMatch(/\d\d:\d\d:\d\d$/);
      expect(lines[1]).toMatch(
        /^HIT 71\.6% ▆{4,} +READAHEAD 9\.9% {2}MISS (\(waited\) )?18\.5% {2}32,487/,
      );
      expect(lines[2]).toMatch(/^evicted 4,000\/s {2}refaulted 4,102\/s {2}written 0\/s/);
      expect(lines[3]).toMatch(/^(1 blind spot|cannot see mapped-hits) \(i\)$/);
      expect(lines[4]).toMatch(/^\[1 process\] 2 file {2}3 cgroup {2}by HITS {2}last 1\.0s/);
      expect(lines[5]).toMatch(/^ {2}PID .*CMD .*HITSv +MISSES .*READ_HIT%/);
      const foot = rows === 60 ? 6 : rows === 16 ? 2 : 3;
      const table = lines.slice(6, rows - 2 - foot);
      expect(table[0]).toMatch(/^> 1893 .*postgres +18204 +7411 .*71\.07%/);
      for (const line of table) expect(line).toMatch(/^[> ] \d+ +(root +)?[a-z]+\d* +\d+ +\d+ /);
      expect(lines[rows - 2 - foot]).toMatch(/^backup\[7710\] filled .* MiB while .* MiB of/);
      expect(lines[rows - 2]).toContain('q quit');
      expect(lines[rows - 1]).toBe('');
    },
  );

  test('answers keys at once, not once an interval', async () => {
    const terminal = await open(100, 30, never);
    terminal.type('2');
    await terminal.until((screen) => /^> +18204 .*\/base\/16384\/24611$/m.test(screen));
    terminal.type('Tab');
    await terminal.until((screen) => /^> +18204 .*\/system.slice\/postgres$/m.test(screen));
    terminal.type('1');
    terminal.type('>');
    await terminal.until((screen) => screen.includes('by MISSES') && screen.includes('MISSESv'));
    terminal.type('r');
    await terminal.until((screen) => screen.includes('MISSES^') && !hasReport(screen));
    terminal.type('<');
    await terminal.until((screen) => /^> 63 .*kswapd0 +0 /m.test(screen));
    terminal.type('a');
    const all = await terminal.until((screen) => screen.includes('since start, 1.0s'));
    expect(all[0]).toContain('every 60s');
  });

  test('Enter opens the files of a process, and the processes of a file; Esc goes back', async () => {
    const terminal = await open(100, 30, never);
    terminal.type('Enter');
    const files = await terminal.until((screen) => screen.includes('postgres[1893] and its files'));
    expect(files.join('\n')).toContain('25,615 pages read: 18,204 hits (71.07%)');
    expect(files.join('\n')).toMatch(/^ +18204 +7411 .*\/base\/16384\/24611$/m);
    terminal.type('2');
    await terminal.until((screen) => screen.includes('[2 file]') && screen.includes('PATH'));
    terminal.type('Enter');
    const users = await terminal.until((screen) => screen.includes('24611 and its processes'));
    expect(users.join('\n')).toMatch(/^ +18204 +7411 .*postgres\[1893\]$/m);
    expect(users.join('\n')).toMatch(/^ +0 +0 .*kswapd0\[63\]$/m);
    expect(users.join('\n')).toContain('in the cache now: 1.00M of 1.00M');
    terminal.type('Escape');
    await terminal.until((screen) => screen.includes('PATH'));
  });

  test('filters by name and by pid, and says so', async () => {
    const terminal = await open(100, 30, never);
    terminal.type('f');
    terminal.type('-l', 'small9|7710');
    terminal.type('Enter');
    const lines = await terminal.until(
      (screen) => screen.includes('[filter small9|7710]') && screen.includes('12 rows'),
    );
    expect(lines.filter((line) => / small9\d? /.test(line))).toHaveLength(11);
    terminal.type('Escape');
    await terminal.until((screen) => screen.includes('103 rows'));
  });

  test('i says in full what cannot be seen, and what was lost', async () => {
    const terminal = await open(80, 24, { ...never, LOSSES: '1' });
    const lines = terminal.lines();
    expect(lines[3]).toMatch(/^LOST: 12 page uses not booked/);
    terminal.type('i');
    const page = await terminal.until((screen) =>
      screen.includes('cannot see: reads of mapped pages'),
    );
    expect(page.join('\n')).toContain('(not fentry: the kernel refused it');
  });
});
