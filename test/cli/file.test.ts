import { describe, expect, it } from 'vitest';

import { parseArguments } from '../../src/cli/command-line.ts';
import { Progress } from '../../src/cli/file/progress.ts';
import { readFileCommand } from '../../src/cli/file/request.ts';
import { reportFiles } from '../../src/cli/file/run.ts';
import { explain } from '../../src/errors/catalog.ts';
import { Failure } from '../../src/errors/failure.ts';
import { type Collected, nothingCollected } from '../../src/sources/live/files/collect.ts';
import { refusal, residentFile } from '../support/synthetic-files.ts';

function request(...words: readonly string[]) {
  const parsed = parseArguments(['file', ...words]);
  if (!('command' in parsed)) throw new Error('it would have printed');
  return readFileCommand(parsed.args);
}

const refused = (...words: readonly string[]): string => {
  try {
    request(...words);
  } catch (error) {
    if (error instanceof Failure) return explain(error).message;
  }
  throw new Error('it was not refused');
};

describe('the command line of memtrace file', () => {
  it('takes paths, also behind --, and processes', () => {
    expect(request('a', 'b c', '--', '-d').paths).toEqual(['a', 'b c', '-d']);
    expect(request('-p', '4,5', '-p6')).toMatchObject({ paths: [], pids: [4, 5, 6] });
  });

  it('takes 0 for all rows', () => {
    expect(request('a').top).toBeNull();
    expect(request('-T', '0', 'a').top).toBe(Infinity);
    expect(request('--top=7', 'a').top).toBe(7);
  });

  it('refuses what means nothing', () => {
    expect(refused()).toContain('no file to look at');
    expect(refused('')).toContain('empty');
    expect(refused('--sort', 'colour', 'a')).toContain('--sort takes given, name');
    expect(refused('--top', '-1', 'a')).toContain('--top takes a whole number');
  });
});

describe('a run', () => {
  const run = async (
    words: readonly string[],
    collected: Partial<Collected>,
    width: number | null = 80,
  ) => {
    let text = '';
    const code = await reportFiles(
      request(...words),
      { ...nothingCollected(), ...collected },
      {
        output: { write: async (more) => ((text += more), true) },
        width,
        unicode: true,
        pageSize: 4096,
        now: () => 0,
      },
    );
    return { code, text };
  };
  const many = Array.from({ length: 40 }, (_, index) => residentFile(`f${index}`, 40, index));
  const rows = (text: string) => text.split('\n').filter((line) => line.startsWith('f')).length;

  it('shows the first rows of a search on a terminal, and all where it is not one or was asked', async () => {
    expect(rows((await run(['d'], { files: many, searched: true })).text)).toBe(15);
    expect(rows((await run(['d'], { files: many, searched: true }, null)).text)).toBe(40);
    expect(rows((await run(['d', '--plain'], { files: many, searched: true })).text)).toBe(40);
    expect(rows((await run(['d', '-T0'], { files: many, searched: true })).text)).toBe(40);
    expect(rows((await run(['d'], { files: many })).text)).toBe(40);
  });

  it('ends with the code of what was named and refused, a missing privilege first', async () => {
    const file = residentFile('f', 1, 1);
    const code = async (...refusals: Collected['refusals']) =>
      (await run(['f'], { files: [file], refusals })).code;
    expect(await code()).toBe(0);
    expect(await code(refusal('a'))).toBe(66);
    expect(await code(refusal('a'), refusal('b', { reason: 'hidden' }))).toBe(77);
    expect(await code(refusal('a', { reason: 'unreadable', named: false }))).toBe(0);
  });

  it('prints JSON also where the only path is refused', async () => {
    const { code, text } = await run(['a', '--format', 'json'], { refusals: [refusal('a')] });
    expect(code).toBe(66);
    expect(text.split('\n')).toHaveLength(4);
    await expect(run(['a'], { refusals: [refusal('a')] })).rejects.toThrow('file-missing');
  });

  it('fails with --strict where something is missing, after the report', async () => {
    const collected = { files: many, refusals: [refusal('a', { named: false })] };
    await expect(run(['d', '--strict'], collected)).rejects.toThrow('files-left-out');
  });
});

describe('progress', () => {
  it('is silent for a second, then says how many at most five times a second, and is wiped', () => {
    const said: string[] = [];
    let at = 0;
    const progress = new Progress(
      (text) => said.push(text),
      () => at,
    );
    for (; at < 1500; at += 50) progress.update(at);
    progress.end();
    expect(said).toHaveLength(4);
    expect(said[0]).toContain('1,000 files');
    expect(said.at(-1)).toBe('\r\x1b[K');
  });

  it('leaves a quick search without a trace', () => {
    const said: string[] = [];
    const progress = new Progress(
      (text) => said.push(text),
      () => 0,
    );
    progress.update(5);
    progress.end();
    expect(said).toEqual([]);
  });
});
