import { describe, expect, it } from 'vitest';
import { readCache } from '../../src/cli/cache/parse.ts';
import type { CacheRequest } from '../../src/cli/cache/request.ts';
import { parseArguments } from '../../src/cli/command-line.ts';

const requestOf = (...words: string[]): CacheRequest => {
  const parsed = parseArguments(['cache', ...words]);
  if (!('command' in parsed)) throw new Error('it would have printed');
  return readCache(parsed.args);
};

describe('memtrace cache', () => {
  it('watches all of the system, a line a second, in the best mode', () => {
    expect(requestOf()).toEqual({
      shown: {
        by: null,
        sort: 'hits',
        reverse: false,
        rows: 40,
        timestamp: false,
        compat: false,
      },
      only: { pids: [], files: [], cgroup: null },
      session: { mode: 'auto', maxRows: 65_536 },
      schedule: { interval: null, count: Infinity, duration: Infinity },
      format: 'text',
      plain: false,
      strict: false,
      explain: false,
    });
  });

  it.each([
    [['1'], { schedule: { interval: 1000 } }],
    [['0.5', '10', '-T'], { schedule: { interval: 500, count: 10 }, shown: { timestamp: true } }],
    [['--by', 'process', '--sort', 'pid', '-r'], { shown: { sort: 'pid', reverse: true } }],
    [['--by', 'file', '--sort', 'evicted', '--rows', '5'], { shown: { sort: 'evicted', rows: 5 } }],
    [['--by=cgroup', '--compat'], { shown: { by: 'cgroup', compat: true } }],
    [['--format', 'json'], { format: 'json', shown: { rows: Infinity } }],
    [['--format', 'json', '--rows', '3'], { shown: { rows: 3 } }],
    [['-p', '1,2', '-p', '3'], { only: { pids: [1, 2, 3] } }],
    [
      ['--file', '/a', '--file', 'b', '--cgroup', 'x'],
      { only: { files: ['/a', 'b'], cgroup: 'x' } },
    ],
    [
      ['--duration', '2m', '--strict', '--plain'],
      { schedule: { duration: 120_000 }, strict: true },
    ],
    [
      ['--mode', 'tracepoint', '--max-rows', '99'],
      { session: { mode: 'tracepoint', maxRows: 99 } },
    ],
    [['--explain'], { explain: true }],
  ])('%j', (words, expected) => {
    expect(requestOf(...words)).toMatchObject(expected);
  });

  it.each([
    [['--sort', 'DIRTIES'], 'dirtied'],
    [['--by', 'file', '--sort', 'PATH'], 'name'],
    [['--by', 'process', '--sort', 'read_hit%'], 'ratio'],
    [['--sort', 'readahead'], 'readAhead'],
  ])('%j names a column as its title does', (words, sort) => {
    expect(requestOf(...words).shown.sort).toBe(sort);
  });

  it.each([
    [['0'], /INTERVAL takes seconds/, /memtrace cache 5/],
    [['ls'], /INTERVAL takes seconds/, /memtrace cache 5/],
    [['1', '0'], /COUNT takes/, /memtrace cache 5 12/],
    [['1', '2', '3'], /'3' means nothing/, /memtrace cache/],
    [['--', './app'], /'\.\/app' means nothing/, /memtrace cache/],
    [['--by', 'pid'], /--by takes process, file or cgroup, not 'pid'/, /--by process/],
    [['--sort', 'size'], /--sort takes/, /--sort misses/],
    [['--by', 'process', '--sort', 'resident'], /no column 'resident'/, /its columns are pid, /],
    [['--compat', '--format', 'json'], /--compat is for text/, /leave one/],
    [['--rows', '0'], /--rows takes a whole number/, /--rows 20/],
    [['--file', ''], /--file needs a path/, /--file/],
    [['--cgroup', ''], /--cgroup needs a path/, /--cgroup/],
    [['--mode', 'ebpf'], /--mode takes auto, fentry/, /--mode btf-tracepoint/],
    [['--max-rows', '3'], /--max-rows takes a whole number from 16/, /--max-rows/],
    [['-p', 'mysqld'], /process id, not 'mysqld'/, /--pid "\$\(pgrep -d, -x 'mysqld'\)"/],
  ])('%j is refused with a remedy', (words, problem, remedy) => {
    expect(() => requestOf(...words)).toThrow(
      expect.objectContaining({
        code: 'usage',
        facts: {
          problem: expect.stringMatching(problem) as string,
          remedy: expect.stringMatching(remedy) as string,
        },
      }),
    );
  });
});
