import { describe, expect, it } from 'vitest';
import type { TraceEvent } from '../../src/sources/source.ts';
import { Page, printer, start } from './leak-run.ts';
import { ScriptedSource } from './scripted-source.ts';

const event = (what: TraceEvent['what']): TraceEvent => ({
  at: 0,
  pid: 1,
  tid: 1,
  command: 'app',
  what,
  address: 0n,
  size: 1,
  stack: null,
});

describe('a run of memtrace leak', () => {
  it('prints COUNT reports, then detaches, without one more', async () => {
    const { done, page, source } = start(['-p', '1', '0.1', '2']);
    expect(await done).toBe(0);
    expect(page.words).toBe('open:processes report1 report2');
    expect(source.calls).toEqual(['snapshot', 'snapshot', 'close']);
  });

  it('ends with a last report when the target ends', async () => {
    const { done, page, source } = start(['-p', '1', '0.1']);
    await page.until('report1');
    source.exit();
    expect(await done).toBe(0);
    expect(page.words).toMatch(/^open:processes report1 (report\d+ )*last$/);
  });

  it('ends with a last report when the target ends before the first one is due', async () => {
    const { done, page, source } = start(['1000', '--', './app']);
    await page.until('open:command');
    source.exit();
    expect(await done).toBe(0);
    expect(page.words).toBe('open:command last');
  });

  it('ends with a last report after --duration', async () => {
    const { done, page } = start(['-p', '1', '1000', '--duration', '0.1']);
    expect(await done).toBe(0);
    expect(page.words).toBe('open:processes last');
  });

  it('detaches when it is stopped, before it writes the last report', async () => {
    const order: string[] = [];
    const source = new ScriptedSource();
    const page = new Page();
    const { done, stop } = start(['-p', '1', '1000'], {
      source,
      page,
      printer: {
        ...printer,
        report: async (snapshot) => {
          order.push(...source.calls, 'report');
          return await printer.report(snapshot, source);
        },
      },
    });
    await page.until('open');
    stop.abort();
    expect(await done).toBe(0);
    expect(order).toEqual(['close', 'report']);
    expect(page.words).toBe('open:processes last');
  });

  it('writes a report that was being made when it was stopped before the last one', async () => {
    const making = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const { done, stop, page, source } = start(['-p', '1', '0.1'], {
      printer: {
        ...printer,
        report: async (snapshot, from) => {
          making.resolve();
          if (!snapshot.ended) await goOn.promise;
          return await printer.report(snapshot, from);
        },
      },
    });
    await making.promise;
    stop.abort();
    await source.closed;
    goOn.resolve();
    expect(await done).toBe(0);
    expect(page.words).toBe('open:processes report1 last');
  });

  it('detaches at once when it is stopped while a reader does not read', async () => {
    const source = new ScriptedSource();
    const { promise: drained, resolve: drain } = Promise.withResolvers<boolean>();
    const { promise: writing, resolve: wrote } = Promise.withResolvers<void>();
    const stop = new AbortController();
    const closed = Promise.withResolvers<void>();
    const close = source.close.bind(source);
    source.close = async (options) => {
      closed.resolve();
      return await close(options);
    };
    const { done } = start(['-p', '1'], {
      source,
      stop: stop.signal,
      output: {
        write: async () => {
          wrote();
          return await drained;
        },
      },
    });
    await writing;
    stop.abort();
    await closed.promise;
    drain(true);
    expect(await done).toBe(0);
    expect(source.calls).toEqual(['close']);
  });

  it('stops while attaching: detaches, and still reports', async () => {
    const stop = new AbortController();
    const source = new ScriptedSource();
    const { done, page } = start(['-p', '1'], {
      stop: stop.signal,
      openSource: async () => {
        stop.abort();
        return source;
      },
    });
    expect(await done).toBe(0);
    expect(page.words).toBe('open:processes last');
  });

  it('ends quietly and detaches when nobody reads any more', async () => {
    const { done, page, source } = start(['-p', '1', '0.1'], { page: new Page(2) });
    expect(await done).toBe(0);
    expect(page.words).toBe('open:processes report1');
    expect(source.calls.at(-1)).toBe('close');
  });

  it('detaches when a report cannot be made', async () => {
    const { done, source } = start(['-p', '1', '0.1'], {
      printer: {
        ...printer,
        report: async () => {
          throw new Error('no report');
        },
      },
    });
    await expect(done).rejects.toThrow('no report');
    expect(source.calls.at(-1)).toBe('close');
  });

  it.each([
    [['-a'], 'with blocks'],
    [['-o', '500'], 'with blocks'],
    [[], ''],
    [['-C'], ''],
  ])('reads single blocks only where they are shown: %j', async (words, suffix) => {
    const { done, source } = start(['-p', '1', ...words, '0.1', '1']);
    await done;
    expect(source.calls).toEqual([`snapshot ${suffix}`.trim(), `close ${suffix}`.trim()]);
  });

  it('passes on what was asked of the session', async () => {
    const { done, opened } = start([
      '-p',
      '1',
      '-z',
      '8',
      '-s',
      '3',
      '--link',
      'multi',
      '0.1',
      '1',
    ]);
    await done;
    expect(opened).toMatchObject([
      { target: { kind: 'processes', pids: [1] }, minSize: 8, sampleRate: 3, link: 'multi' },
    ]);
  });

  it('writes each event of --trace, those of the end too, then the last report', async () => {
    const source = new ScriptedSource({
      events: [[event('alloc'), event('free')], [event('map')], [event('unmap')]],
    });
    const { done, page } = start(['-p', '1', '-t'], { source });
    await page.until('alloc');
    source.exit();
    expect(await done).toBe(0);
    expect(page.words).toMatch(/^open:processes alloc free map unmap last$/);
  });

  it('writes reports between events only where INTERVAL asks for them', async () => {
    const source = new ScriptedSource({ events: [[event('alloc')]] });
    const { done, page } = start(['-p', '1', '-t', '0.1', '2'], { source });
    expect(await done).toBe(0);
    expect(page.words).toBe('open:processes alloc report1 report2');
  });

  it('fails under --strict when something was lost, after the report', async () => {
    const losses = [{ reason: 'blocks-full', count: 3, bytes: 96 }] as const;
    const strict = start(['-p', '1', '--strict', '0.1', '1'], {
      source: new ScriptedSource({ losses }),
    });
    await expect(strict.done).rejects.toMatchObject({
      code: 'lossy-report',
      facts: { losses: ['3 × blocks-full'] },
    });
    expect(strict.page.words).toContain('report1');
    const lenient = start(['-p', '1', '0.1', '1'], { source: new ScriptedSource({ losses }) });
    expect(await lenient.done).toBe(0);
    const clean = start(['-p', '1', '--strict', '0.1', '1'], {
      source: new ScriptedSource({ losses: [{ ...losses[0], count: 0 }] }),
    });
    expect(await clean.done).toBe(0);
  });

  it('attaches nothing on a dry run', async () => {
    const { done, page, opened } = start(['-p', '1', '--dry-run']);
    expect(await done).toBe(0);
    expect(page.words).toBe('plan');
    expect(opened).toEqual([]);
  });

  it.each([
    [[], 'name-missing'],
    [[3, 4], 'name-ambiguous'],
  ])('finds %j by name: %s', async (pids, code) => {
    const { done, opened } = start(['--name', 'app'], { pidsByName: async () => pids });
    await expect(done).rejects.toMatchObject({ code });
    expect(opened).toEqual([]);
  });

  it('takes the one process of a name', async () => {
    const { done, opened } = start(['--name', 'app', '0.1', '1'], { pidsByName: async () => [7] });
    await done;
    expect(opened[0]?.target).toEqual({ kind: 'processes', pids: [7] });
  });

  it('leaves the screen when the target ends, and prints the last report after it', async () => {
    const page = new Page();
    const source = new ScriptedSource();
    const { done } = start(['-p', '1'], {
      page,
      source,
      screen: async (_source, leave) => {
        source.exit();
        await new Promise((resolve) => leave.addEventListener('abort', resolve));
        await page.write('screen-left\n');
      },
    });
    expect(await done).toBe(0);
    expect(page.words).toBe('screen-left last');
  });
});
