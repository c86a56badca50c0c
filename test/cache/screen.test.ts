import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { DrawnTracer } from '../support/drawn-tracer.ts';
import { fileSystem, hasFileSystem } from '../support/file-system.ts';
import { canTrace } from '../support/memtrace.ts';
import { preparePattern } from '../support/pages.ts';
import { requires } from '../support/require.ts';
import { hasTmux, type Terminal } from '../support/terminal.ts';

const canDraw = requires('tmux', hasTmux(), 'tmux is not installed');
const canRun = canTrace() && canDraw && hasFileSystem('ext4');

const sizes = [
  [80, 24],
  [100, 30],
  [200, 60],
] as const;

describe.skipIf(!canRun)('the cache screen on this kernel', () => {
  let tracer: DrawnTracer;
  let terminal: Terminal;
  let folder: string;

  beforeEach(() => {
    ({ folder } = fileSystem('ext4'));
  });
  afterEach(() => tracer.close());

  async function open(columns: number, rows: number, options: string): Promise<void> {
    tracer = new DrawnTracer(columns, rows, `cache ${options}`);
    ({ terminal } = tracer);
    await terminal.until((screen) => screen.includes('HIT '));
  }

  test.for(sizes)(
    'at %s × %s a cold read hits nothing, a warm one everything, in as many pages as there are',
    async ([columns, rows]) => {
      const prepare = (pattern: string, name: string) =>
        preparePattern(pattern, path.join(folder, name));
      const cold = await prepare('read-128k-cold', 'cold');
      const warm = await prepare('read-4k-warm', 'warm');
      await open(columns, rows, `--by file --file ${folder}/`);
      const missed = (await cold.play()).truth;
      const hit = (await warm.play()).truth;
      // Since the session began, whichever intervals the reads fell into.
      terminal.type('a');
      const row = (start: string, ratio: string, file: string) =>
        new RegExp(`^[> ] +${start} .* ${ratio}% .*/${file}$`, 'm');
      const lines = await terminal.until(
        (screen) =>
          row(`${hit.accesses} +0`, '100\\.00', 'warm').test(screen) &&
          row(`0 +${missed.accesses}`, '0\\.00', 'cold').test(screen),
      );
      expect(lines).toHaveLength(rows);
      expect(lines.join('\n')).toContain('2 rows');

      terminal.type('G');
      terminal.type('Enter');
      const matrix = await terminal.until((screen) => screen.includes('/cold and its processes'));
      expect(matrix.join('\n')).toMatch(
        new RegExp(`^ +0 +${missed.accesses} +0\\.00% .*pages\\[${cold.target.pid}\\]$`, 'm'),
      );
      terminal.type('1');
      await terminal.until(
        (screen) => screen.includes(`${cold.target.pid}`) && screen.includes('PID'),
      );
      terminal.type('q');
      const left = await tracer.leftInOrder();
      expect(left).toContain(
        `${path.join(folder, 'warm')}: ${hit.accesses.toLocaleString('en-US')}`,
      );
      for (const { target } of [cold, warm]) {
        target.send('exit');
        expect(await target.exited).toBe(0);
      }
    },
  );

  test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'after %s the terminal is as it was, with the report on it',
    async (signal) => {
      await open(100, 30, `--file ${folder}/`);
      process.kill(tracer.pid, signal);
      expect(await tracer.leftInOrder()).toContain('since the session began: no page read');
    },
  );

  test.for(['--plain', '--compat', '--format json'])(
    '%s writes lines, also on a terminal',
    async (option) => {
      tracer = new DrawnTracer(100, 30, `cache ${option} 0.2`);
      const { terminal: lines } = tracer;
      // A line of JSON is longer than the screen.
      await lines.until(() => /HITRATIO|"type":"sample"/.test(lines.written()));
      lines.type('C-c');
      await lines.until((screen) => /status 0$/m.test(screen));
      expect(lines.written()).not.toContain('\u001B[?1049h');
    },
  );

  test('keys are answered at once, also where the interval is an hour', async () => {
    await open(100, 30, '3600');
    terminal.type('2');
    await terminal.until((screen) => screen.includes('[2 file]') && screen.includes('PATH'));
    terminal.type('>');
    const lines = await terminal.until((screen) => screen.includes('MISSESv'));
    expect(lines[0]).toContain('every 3600s');
    terminal.type('q');
    await tracer.leftInOrder();
  });
});
