import { describe, expect, test } from 'vitest';

import { canDraw, screensOf, sizes } from './drawn-screen.ts';

const selectedLine = (lines: readonly string[]): string =>
  lines.find((line) => line.startsWith('>')) ?? '';

describe.skipIf(!canDraw())('the leak screen', () => {
  const { open, hasReport } = screensOf('play.ts');

  test.for(sizes)(
    'at %s × %s has its header, its rows and its keys, each on one line',
    async ([columns, rows]) => {
      const terminal = await open(columns, rows);
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
    const terminal = await open();
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
    const terminal = await open();
    terminal.type('C');
    await terminal.until((screen) => /BLOCKSv.*\n.*parse_header/.test(screen));
    terminal.type('r');
    const reversed = await terminal.until((screen) => screen.includes('BLOCKS^'));
    expect(reversed[5]).not.toContain('parse_header');
  });

  test('filters by function, and Esc clears the filter', async () => {
    const terminal = await open();
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
    const terminal = await open();
    terminal.type('G');
    const last = await terminal.until((screen) => /^>.*small_0 /m.test(screen));
    expect(selectedLine(last)).toContain('small_0');
    terminal.type('r');
    const reversed = await terminal.until((screen) => screen.includes('BYTES^'));
    expect(selectedLine(reversed)).toContain('small_0');
  });

  test('losses are said in words, above the table', async () => {
    const lines = (await open(80, 24, { LOSSES: '1' })).lines();
    expect(lines[2]).toContain('lost 12');
    expect(lines[3]).toContain('LOST: 12 blocks-full (4.00K)');
  });
});
