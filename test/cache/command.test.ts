import { describe, expect, it } from 'vitest';
import { cacheViews } from '../../src/domain/cache-report.ts';
import { validLine } from '../support/cache-schema.ts';
import { canTrace, runMemtrace } from '../support/memtrace.ts';
import { asNobody, canBeNobody } from '../support/nobody.ts';

describe.skipIf(!canTrace())('memtrace cache on this kernel', () => {
  it.each([null, ...cacheViews])('prints JSON that keeps to its schema, by %s', async (by) => {
    const view = by === null ? [] : ['--by', by];
    const { code, stdout, stderr } = await runMemtrace([
      'cache',
      '--format',
      'json',
      ...view,
      '0.2',
      '2',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n').map(validLine);
    expect(lines.map(({ type }) => type)).toEqual(['meta', 'sample', 'sample', 'total']);
    const modes = new Set(lines.map(({ mode, blindSpots }) => JSON.stringify([mode, blindSpots])));
    expect(modes.size).toBe(1);
    // Itself, at least: it reads /proc, and files of its own.
    expect(lines[3]?.['uses']).not.toEqual([]);
  });

  it("prints cachestat's lines, and says before them and after them what they do not", async () => {
    const { code, stdout } = await runMemtrace(['cache', '-T', '0.2', '3']);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^# memtrace cache, mode [a-z-]+/);
    const plain = lines.filter((line) => line !== '' && !line.startsWith('#'));
    expect(plain).toHaveLength(4);
    expect(plain[0]).toMatch(/^TIME +HITS +MISSES +DIRTIES HITRATIO +BUFFERS_MB +CACHED_MB /);
    for (const line of plain.slice(1))
      expect(line).toMatch(/^\d\d:\d\d:\d\d( +\d+){3} +(\d+\.\d\d%|-)( +\d+){2} /);
    expect(stdout).toMatch(/\n# in [\d.]+m?s since the session began: /);
  });

  it("prints cachetop's tables", async () => {
    const { code, stdout } = await runMemtrace([
      'cache',
      '--by',
      'process',
      '--compat',
      '0.5',
      '1',
    ]);
    expect(code).toBe(0);
    const [head, titles] = stdout.split('\n');
    expect(head).toMatch(
      /^\d\d:\d\d:\d\d Buffers MB: \d+ \/ Cached MB: \d+ \/ Sort: HITS \/ Order: descending$/,
    );
    expect(titles).toMatch(/^PID +USER +CMD +HITS +MISSES +DIRTIES +READ_HIT% +WRITE_HIT%$/);
  });

  it('sees only what it is confined to, and says so', async () => {
    const missing = '/nowhere/at/all';
    const words = ['cache', '--file', missing, '--format', 'json', '0.2', '1'];
    const { stdout } = await runMemtrace(words);
    const [meta, , total] = stdout.trimEnd().split('\n').map(validLine);
    expect(meta).toMatchObject({ only: `file ${missing}` });
    expect(total).toMatchObject({
      system: { accesses: 0, ratio: null },
      uses: [],
      notices: [{ code: 'file-not-here' }],
    });
  });

  it('ends with the whole session where timeout(1) sends it one signal twice', async () => {
    const wrapper = ['timeout', '--preserve-status', '-s', 'INT', '8'];
    const { code, stdout } = await runMemtrace(['cache', '1000'], { wrapper });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\n# in [\d.]+s since the session began: /);
  });

  it('refuses processes that are not there', async () => {
    const { code, stdout, stderr } = await runMemtrace(['cache', '-p', '4194304']);
    expect([code, stdout]).toEqual([66, '']);
    expect(stderr).toMatch(/^memtrace: process 4194304 is not running\n {2}remedy: /);
  });
});

describe.skipIf(!canBeNobody())('memtrace cache as nobody', () => {
  it('says what is missing without privileges', async () => {
    const { code, stderr } = await runMemtrace(['cache', '1', '1'], { wrapper: asNobody() });
    expect(code).toBe(77);
    expect(stderr).toMatch(/^memtrace: memtrace cache needs CAP_BPF and CAP_PERFMON/);
  });

  it('explains its figures to anybody', async () => {
    const { code, stdout } = await runMemtrace(['cache', '--explain'], { wrapper: asNobody() });
    expect(code).toBe(0);
    expect(stdout).toMatch(/HITS \/ \(HITS \+ MISSES\) is HITRATIO/);
  });
});
