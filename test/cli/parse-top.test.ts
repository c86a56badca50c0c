import { describe, expect, it } from 'vitest';
import { readTop, type TopRequest } from '../../src/cli/cache/top-request.ts';
import { parseArguments } from '../../src/cli/command-line.ts';

const requestOf = (...words: string[]): TopRequest => {
  const parsed = parseArguments(['cache', '--top', ...words]);
  if (!('command' in parsed)) throw new Error('it would have printed');
  return readTop(parsed.args);
};

describe('memtrace cache --top', () => {
  it.each([
    [[], { by: 'file', count: 20, format: 'text' }],
    [['30'], { count: 30 }],
    [['--rows', '7'], { count: 7 }],
    [['--by', 'cgroup', '--format', 'json'], { by: 'cgroup', format: 'json' }],
  ])('%j', (words, request) => {
    expect(requestOf(...words)).toMatchObject(request);
  });

  it.each([
    [['0'], /from 1 to 10000, not '0'/],
    [['ten'], /not 'ten'/],
    [['5', '10'], /'10' means nothing/],
    [['--by', 'process'], /file or cgroup/],
    [['-p', '1'], /--pid is for watching/],
    [['--duration', '1s'], /--duration is for watching/],
  ])('refuses %j', (words, problem) => {
    expect(() => requestOf(...words)).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ problem: expect.stringMatching(problem) as string }),
      }) as Error,
    );
  });

  it('does not advise what it has refused', () => {
    expect(() => requestOf('--by', 'process')).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({ remedy: 'for example --by cgroup' }),
      }) as Error,
    );
  });
});
