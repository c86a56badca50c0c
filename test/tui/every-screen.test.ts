import { describe, expect, test } from 'vitest';

import { canDraw, type Play, screensOf } from './drawn-screen.ts';

/** The program that draws it, a title of its table, one that only a wide terminal has room for, and the end of its help; a time that comes. */
const screens: readonly (readonly [Play, string, string, string, RegExp])[] = [
  ['play.ts', 'ALLOCATED BY', 'MEDIAN', 'A large figure is not a leak by itself', /for 1\ds/],
  ['play-cache.ts', 'HITSv', 'WAITED', 'A low ratio is not a fault by itself', /for 1\ds/],
  ['play-triage.ts', 'OWN/MINv', 'PSS', 'A verdict rests on what moved', / 2\ds, /],
];

describe.skipIf(!canDraw()).each(screens)(
  'the screen of %s',
  (play, title, wide, lastHelp, later) => {
    const { open, hasReport } = screensOf(play);

    test('Z stops the display and goes on with it', async () => {
      const terminal = await open();
      terminal.type('Z');
      const paused = await terminal.until((screen) => screen.includes('PAUSED'));
      const clock = paused[0]?.slice(-8) ?? '';
      terminal.type('Z');
      const resumed = await terminal.until(
        (screen) => !screen.includes('PAUSED') && !screen.includes(clock),
      );
      expect(resumed[0]).toMatch(/\d\d:\d\d:\d\d$/);
    });

    test('? lists the keys and the columns, scrolls, and leaves again', async () => {
      const terminal = await open();
      terminal.type('?');
      await terminal.until((screen) => screen.includes('Keys'));
      terminal.type('G');
      await terminal.until((screen) => screen.includes(lastHelp));
      terminal.type('?');
      const table = await terminal.until((screen) => screen.includes(title));
      expect(table.join('\n')).not.toContain('Keys');
    });

    test('F1, F3 and F10 are keys as in htop', async () => {
      const terminal = await open();
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
      expect(left.join('\n')).not.toContain(title);
    });

    test('follows the terminal when it is resized', async () => {
      const terminal = await open(100, 30);
      terminal.resize(60, 16);
      const keysAt = (screen: string, line: number): boolean =>
        screen.split('\n')[line]?.includes('q quit') === true;
      await terminal.until((screen) => keysAt(screen, 14) && !screen.includes(wide));
      terminal.resize(120, 40);
      const large = await terminal.until((screen) => keysAt(screen, 38) && screen.includes(wide));
      expect(large).toHaveLength(40);
    });

    test('NO_COLOR leaves it without colours', async () => {
      const terminal = await open(80, 24, { NO_COLOR: '1', LOSSES: '1' });
      terminal.type('q');
      await terminal.until((screen) => screen.includes('left the screen'));
      // eslint-disable-next-line no-control-regex
      expect(terminal.written()).not.toMatch(/\u001B\[(?:3[0-7]|9[0-7]|38;)/);
    });

    test('has ASCII only where the locale has no UTF-8', async () => {
      const terminal = await open(60, 16, { LANG: 'C', LOSSES: '1' });
      const table = terminal.lines();
      terminal.type('?');
      const help = await terminal.until((screen) => screen.includes('Keys'));
      expect([...table, ...help].join('\n')).toMatch(/^[\n\x20-\x7E]*$/);
    });

    test.for(['q', 'C-c'])('%s leaves the terminal as it was', async (key) => {
      const terminal = await open();
      terminal.type(key);
      // The shell's prompt: until then the keys would go to what is ending.
      await terminal.until((screen) => /left the screen\n\$/.test(screen));
      expect(terminal.isAsBefore()).toBe(true);
      terminal.run('echo echoed');
      const lines = await terminal.until((screen) => /^echoed$/m.test(screen));
      expect(lines.join('\n')).toContain('$ echo echoed');
    });

    test('updates without clearing the screen in between', async () => {
      const terminal = await open();
      const before = terminal.written().length;
      await terminal.until((screen) => later.test(screen));
      // eslint-disable-next-line no-control-regex
      expect(terminal.written().slice(before)).not.toMatch(/\u001B\[[23]?J/);
    });
  },
);
