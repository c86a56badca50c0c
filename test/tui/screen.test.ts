import path from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { requires } from '../support/require.ts';
import { hasTmux, Terminal } from '../support/terminal.ts';

const play = `${process.execPath} ${path.resolve(import.meta.dirname, 'play.ts')}`;
const sizes = [
  [60, 16],
  [80, 24],
  [100, 30],
  [200, 60],
] as const;

const hasReport = (screen: string): boolean => screen.includes('parse_header');
const selectedLine = (lines: readonly string[]): string =>
  lines.find((line) => line.startsWith('>')) ?? '';

describe.skipIf(!requires('tmux', hasTmux(), 'tmux is not installed'))('the screen', () => {
  let terminal: Terminal;

  const open = async (columns = 80, rows = 24, environment: Record<string, string> = {}) => {
    terminal = new Terminal(columns, rows, environment);
    terminal.run(play);
    return await terminal.until(hasReport);
  };
  afterEach(() => terminal.close());

  test.for(sizes)(
    'at %s × %s has its header, its rows and its keys, each on one line',
    async ([columns, rows]) => {
      await open(columns, rows);
      const lines = await terminal.until((screen) => screen.includes('+400'));
      expect(lines).toHaveLength(rows);
      expect(lines[0]).toMatch(/^memtrace leak {2}synthetic\[4121\] {2}glibc {2}for \d/);
      expect(lines[0]).toMatch(/\d\d:\d\d:\d\d$/);
      expect(lines[1]).toMatch(/^Outstanding [\d.]+[KM] in [\d,]+ blocks {2}\+/);
      expect(lines[2]).toContain('Cost 0.2% CPU');
      expect(lines[2]).toContain('lost 0');
      expect(lines[4]).toMatch(/^ {2}BYTESv .*\+\/S .*ALLOCATED BY$/);
      expect(lines[rows - 2]).toContain('q quit');
      expect(lines[rows - 1]).toBe('');
      // A row that wrapped would begin with something else than its size.
      for (const line of lines.slice(5, rows - 2)) expect(line).toMatch(/^[> ] +[\d.]+[KMG]? /);
    },
  );

  test('Enter opens the stack with source lines, Esc goes back', async () => {
    await open();
    terminal.type('/');
    terminal.type('-l', 'parse_header');
    terminal.type('Enter');
    await terminal.until((screen) => screen.includes('[search parse_header]'));
    terminal.type('Enter');
    const lines = await terminal.until((screen) => screen.includes('src/app.c:10'));
    expect(lines.join('\n')).toMatch(/0 {2}parse_header\+0x10 \[app\] {2}src\/app\.c:10/);
    expect(lines.join('\n')).toMatch(/3 {2}main\+0x13 \[app\] {2}src\/app\.c:40/);
    expect(lines.join('\n')).toContain('freed      0 in 0 blocks (0%)');
    terminal.type('Escape');
    await terminal.until((screen) => screen.includes('ALLOCATED BY'));
  });

  test('sorts by blocks, reversed too, and says which column it is', async () => {
    await open();
    terminal.type('C');
    await terminal.until((screen) => /BLOCKSv.*\n.*parse_header/.test(screen));
    terminal.type('r');
    const reversed = await terminal.until((screen) => screen.includes('BLOCKS^'));
    expect(reversed[5]).not.toContain('parse_header');
  });

  test('filters by function, and Esc clears the filter', async () => {
    await open();
    terminal.type('f');
    terminal.type('-l', 'small_19|cache');
    terminal.type('Enter');
    const lines = await terminal.until(
      (screen) => screen.includes('[filter small_19|cache]') && !screen.includes('parse_header'),
    );
    const named = lines.filter((line) => /small_19|cache_add/.test(line) && line.includes('[app]'));
    // small_19 and small_190 to small_199.
    expect(named).toHaveLength(12);
    terminal.type('Escape');
    await terminal.until(hasReport);
  });

  test('the selection stays on its row, and in sight at the end of a long table', async () => {
    await open();
    terminal.type('G');
    const last = await terminal.until((screen) => /^>.*small_0 /m.test(screen));
    expect(selectedLine(last)).toContain('small_0');
    terminal.type('r');
    const reversed = await terminal.until((screen) => screen.includes('BYTES^'));
    expect(selectedLine(reversed)).toContain('small_0');
  });

  test('Z stops the display and goes on with it', async () => {
    await open();
    terminal.type('Z');
    const paused = await terminal.until((screen) => screen.includes('PAUSED'));
    terminal.type('Z');
    const resumed = await terminal.until(
      (screen) => !screen.includes('PAUSED') && !screen.includes(paused[1] ?? ''),
    );
    expect(resumed[1]).not.toBe(paused[1]);
  });

  test('? lists the keys and the columns, scrolls, and leaves again', async () => {
    await open();
    terminal.type('?');
    await terminal.until((screen) => screen.includes('Keys'));
    terminal.type('G');
    await terminal.until((screen) => screen.includes('A large figure is not a leak by itself'));
    terminal.type('?');
    const table = await terminal.until((screen) => screen.includes('ALLOCATED BY'));
    expect(table.join('\n')).not.toContain('Keys');
  });

  test('F1, F3 and F10 are keys as in htop', async () => {
    await open();
    terminal.type('F1');
    await terminal.until((screen) => screen.includes('Keys'));
    terminal.type('F1');
    await terminal.until(hasReport);
    terminal.type('F3');
    await terminal.until((screen) => screen.includes('search: _'));
    terminal.type('Escape');
    await terminal.until((screen) => screen.includes('? help'));
    terminal.type('F10');
    const left = await terminal.until((screen) => screen.includes('left the screen'));
    expect(left.join('\n')).not.toContain('ALLOCATED BY');
  });

  test('follows the terminal when it is resized', async () => {
    await open(100, 30);
    terminal.resize(60, 16);
    const small = await terminal.until(
      (screen) => screen.split('\n').length === 16 && screen.includes('q quit'),
    );
    expect(small[4]).not.toContain('MEDIAN');
    terminal.resize(120, 40);
    await terminal.until(
      (screen) => screen.split('\n')[38]?.includes('q quit') === true && screen.includes('MEDIAN'),
    );
  });

  test('losses are said in words, above the table', async () => {
    const lines = await open(80, 24, { LOSSES: '1' });
    expect(lines[2]).toContain('lost 12');
    expect(lines[3]).toContain('LOST: 12 blocks-full (4.00K)');
  });

  test('NO_COLOR leaves the screen without colours', async () => {
    await open(80, 24, { NO_COLOR: '1', LOSSES: '1' });
    terminal.type('q');
    await terminal.until((screen) => screen.includes('left the screen'));
    // eslint-disable-next-line no-control-regex
    expect(terminal.written()).not.toMatch(/\u001B\[(?:3[0-7]|9[0-7]|38;)/);
  });

  test.for(['q', 'C-c'])('%s leaves the terminal as it was', async (key) => {
    await open();
    terminal.type(key);
    // The shell's prompt: until then the keys would go to what is ending.
    await terminal.until((screen) => /left the screen\n\$/.test(screen));
    expect(terminal.flag('alternate_on')).toBe('0');
    expect(terminal.flag('cursor_flag')).toBe('1');
    terminal.run('echo echoed');
    const lines = await terminal.until((screen) => /^echoed$/m.test(screen));
    expect(lines.join('\n')).toContain('$ echo echoed');
  });

  test('updates without clearing the screen in between', async () => {
    await open();
    const before = terminal.written().length;
    await terminal.until((screen) => /for 1\ds/.test(screen));
    // eslint-disable-next-line no-control-regex
    expect(terminal.written().slice(before)).not.toMatch(/\u001B\[[23]?J/);
  });
});
