import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { Terminal } from '../support/terminal.ts';
import { canDraw, screensOf, sizes } from './drawn-screen.ts';

/** Longer than any test: what changes then is an answer to a key. */
const never = { INTERVAL_MS: '60000' };

describe.skipIf(!canDraw())('the triage screen', () => {
  const { open } = screensOf('play-triage.ts');

  test.for(sizes)(
    'at %s × %s has the worst verdict, the machine, verdicts, processes, evidence and keys, each on its lines',
    async ([columns, rows]) => {
      const terminal = await open(columns, rows, never);
      const lines = terminal.lines();
      expect(lines).toHaveLength(rows);
      expect(lines[0]).toMatch(/^memtrace {2}every 60s {2}web-07 {2}Linux .* \d\d:\d\d:\d\d$/);
      expect(lines[1]).toMatch(/^WARNING: \w.*; also 1 warning/);
      expect(lines[2]).toMatch(/^Memory {3}\[█+▒+ *\] {2}\d.* of 16.0G available/);
      expect(lines[3]).toMatch(/^Pressure .* waited for memory 14.2/);
      const at = lines.findIndex((line) => line.startsWith('  VERDICT'));
      expect(lines[at + 1]).toMatch(/^> WARNING /);
      const processes = lines.findIndex((line) => /^ +PID +OWN\/MINv/.test(line));
      expect(processes).toBeGreaterThan(at + 1);
      if (rows > 16) expect(lines[processes + 1]).toMatch(/^ +4121 +\+120M .*api$/);
      expect(lines[rows - 3]).toMatch(/^next: memtrace (cache|leak) /);
      expect(lines[rows - 2]).toContain('q quit');
      expect(lines[rows - 1]).toBe('');
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
    },
  );

  test('Enter runs what is proposed in the place of the screen, and Esc comes back', async () => {
    const terminal = await open(100, 30, never);
    terminal.type('/');
    terminal.type('-l', '4121');
    terminal.type('Enter');
    await terminal.until((screen) => screen.includes('next: memtrace leak -p 4121 '));
    terminal.type('Enter');
    await terminal.until((screen) => screen.includes('a tracer that cannot read'));
    terminal.type('Escape');
    const back = await terminal.until((screen) => screen.includes('next: memtrace leak -p 4121 '));
    expect(back[0]).toContain('web-07');
    terminal.type('q');
    await terminal.until((screen) => screen.includes('left the screen'));
  });

  test('begins on the page of the process that was asked about', async () => {
    const terminal = new Terminal(100, 30, { ...never, ABOUT: '2207' });
    try {
      terminal.run(`${process.execPath} ${path.resolve(import.meta.dirname, 'play-triage.ts')}`);
      const page = await terminal.until((screen) => screen.includes('redis[2207]\n'));
      expect(page.join('\n')).toContain('OOM score 301');
      terminal.type('Escape');
      await terminal.until((screen) => /^> +2207 /m.test(screen));
    } finally {
      terminal.close();
    }
  });

  test('what prints lines only is a page that scrolls away with Esc', async () => {
    const terminal = await open(100, 30, never);
    terminal.type('/');
    terminal.type('-l', 'thrashes');
    terminal.type('Enter');
    await terminal.until((screen) => screen.includes('next: memtrace cache --by process'));
    terminal.type('Enter');
    await terminal.until((screen) => screen.includes('what memtrace cache --by process printed'));
    terminal.type('Escape');
    const back = await terminal.until((screen) => screen.includes('IN FIGURES'));
    expect(back.join('\n')).not.toContain('printed');
  });

  test('q in what runs inside ends the whole', async () => {
    const terminal = await open(80, 24, never);
    terminal.type('/');
    terminal.type('-l', 'api');
    terminal.type('Enter');
    await terminal.until((screen) => screen.includes('next: memtrace leak -p 4121 '));
    terminal.type('Enter');
    await terminal.until((screen) => screen.includes('a tracer that cannot read'));
    terminal.type('q');
    await terminal.until((screen) => screen.includes('left the screen'));
    expect(terminal.isAsBefore()).toBe(true);
  });

  test('i says all of a verdict and of a process; Tab goes from one to the other', async () => {
    const terminal = await open(100, 30, never);
    terminal.type('i');
    await terminal.until((screen) => screen.includes('How it comes about'));
    terminal.type('Escape');
    await terminal.until((screen) => screen.includes('IN FIGURES'));
    terminal.type('Tab');
    await terminal.until((screen) => /^> +4121 /m.test(screen));
    terminal.type('i');
    const page = await terminal.until((screen) => screen.includes('api[4121]\n'));
    expect(page.join('\n')).toContain('OOM score 812; control group /prod/api');
    expect(page.join('\n')).toContain('WARNING: leak suspected');
    terminal.type('Escape');
    await terminal.until((screen) => screen.includes('IN FIGURES'));
    terminal.type('M');
    await terminal.until((screen) => screen.includes('RESv'));
    terminal.type('Tab');
    const lines = await terminal.until((screen) => /^> WARNING/m.test(screen));
    expect(lines.join('\n')).toMatch(/^ +2207 .*redis\n +4121 /m);
  });
});
