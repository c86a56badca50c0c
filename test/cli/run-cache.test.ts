import { describe, expect, it } from 'vitest';
import { readCache } from '../../src/cli/cache/parse.ts';
import type { CachePrinter } from '../../src/cli/cache/printer.ts';
import { type CacheWorld, runCache } from '../../src/cli/cache/run.ts';
import { parseArguments } from '../../src/cli/command-line.ts';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import type { CacheLoss } from '../../src/domain/cache-snapshot.ts';
import { totalsOf } from '../../src/domain/page-counts.ts';
import { SyntheticCache } from '../support/synthetic-cache.ts';
import { Page } from './leak-run.ts';

/** Says one word per thing, so that a run reads as one line. */
const printer: CachePrinter = {
  opening: ({ mode }) => `open:${mode}\n`,
  report: ({ uses }) => `pages:${totalsOf(uses).accesses}\n`,
  last: ({ uses }, ending) => `${ending}:${totalsOf(uses).accesses}\n`,
};

/** Ten pages more at each step. */
const growing = (losses: readonly CacheLoss[] = []) =>
  new SyntheticCache((step) => ({ 'cat[1] /a': { accesses: 10 * step } }), {}, losses);

function start(words: readonly string[], changes: Partial<CacheWorld> = {}, source = growing()) {
  const parsed = parseArguments(['cache', ...words]);
  if (!('command' in parsed)) throw new Error('it would have printed');
  const stop = new AbortController();
  const page = new Page();
  const done = runCache(readCache(parsed.args), {
    openSource: async () => source,
    output: page,
    printer,
    history: new CacheHistory(),
    screen: null,
    ended: new Promise(() => {}),
    stop: stop.signal,
    ...changes,
  });
  return { done, page, stop, source };
}

describe('a run of memtrace cache', () => {
  it('prints COUNT reports, the first of which begins with the session, then the whole', async () => {
    const { done, page, source } = start(['0.1', '2']);
    expect(await done).toBe(0);
    expect(page.words).toBe('open:btf-tracepoint pages:20 pages:10 all-reports:30');
    expect(source.calls).toEqual(['snapshot', 'snapshot', 'snapshot', 'close']);
  });

  it('ends with the whole session when it is stopped', async () => {
    const { done, page, stop } = start(['0.1']);
    await page.until('pages');
    stop.abort();
    expect(await done).toBe(0);
    expect(page.words).toMatch(/^open:btf-tracepoint (pages:\d+ )+ended:\d+$/);
  });

  it('ends with the whole session after --duration', async () => {
    const { done, page } = start(['1000', '--duration', '0.1']);
    expect(await done).toBe(0);
    expect(page.words).toBe('open:btf-tracepoint ended:10');
  });

  it('ends with the whole session when the processes of --pid have exited, and says so', async () => {
    const { done, page } = start(['1000', '-p', '1'], {
      ended: Promise.resolve(),
      printer: {
        ...printer,
        last: ({ snapshot }) => `${snapshot.notices.map(({ code }) => code).join()}\n`,
      },
    });
    expect(await done).toBe(0);
    expect(page.words).toMatch(/targets-exited$/);
  });

  it('ends quietly and detaches when nobody reads any more', async () => {
    const page = new Page(2);
    const { done, source } = start(['0.1'], { output: page });
    expect(await done).toBe(0);
    expect(page.words).toBe('open:btf-tracepoint pages:20');
    expect(source.calls.at(-1)).toBe('close');
  });

  it('detaches when a report cannot be made', async () => {
    const { done, source } = start(['0.1'], {
      printer: {
        ...printer,
        report: () => {
          throw new Error('no report');
        },
      },
    });
    await expect(done).rejects.toThrow('no report');
    expect(source.calls.at(-1)).toBe('close');
  });

  it('fails under --strict when something was lost, after the report', async () => {
    const losses = [{ reason: 'uses-full', count: 3 }] as const;
    const strict = start(['--strict', '0.1', '1'], {}, growing(losses));
    await expect(strict.done).rejects.toMatchObject({
      code: 'lossy-report',
      facts: { command: 'cache', losses: ['3 × uses-full'] },
    });
    expect(strict.page.words).toContain('all-reports');
    expect(await start(['0.1', '1'], {}, growing(losses)).done).toBe(0);
    const none = growing([{ reason: 'uses-full', count: 0 }]);
    expect(await start(['--strict', '0.1', '1'], {}, none).done).toBe(0);
  });

  it('detaches before the screen is gone, and prints the whole session after it', async () => {
    const page = new Page();
    const source = growing();
    const stop = new AbortController();
    const { done } = start(
      [],
      {
        output: page,
        stop: stop.signal,
        screen: async (_source, leave) => {
          stop.abort();
          await new Promise((resolve) => leave.addEventListener('abort', resolve));
          await page.write(`screen-left:${source.calls.join()}\n`);
        },
      },
      source,
    );
    expect(await done).toBe(0);
    expect(page.words).toBe('screen-left:close ended:0');
  });
});
