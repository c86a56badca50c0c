import path from 'node:path';

import { afterEach } from 'vitest';

import { requires } from '../support/require.ts';
import { hasTmux, Terminal } from '../support/terminal.ts';

export const sizes = [
  [60, 16],
  [80, 24],
  [100, 30],
  [200, 60],
] as const;

export const canDraw = (): boolean => requires('tmux', hasTmux(), 'tmux is not installed');

/** Whether the first report is drawn, by the program that draws it. */
const hasReport = {
  'play.ts': (screen: string) => screen.includes('parse_header'),
  'play-cache.ts': (screen: string) => /postgres +\d/.test(screen),
  'play-triage.ts': (screen: string) => screen.includes('next: memtrace '),
} as const;

export type Play = keyof typeof hasReport;

/** Opens terminals in which a synthetic screen is drawn, once its first report is on it; they are closed after each test. */
export function screensOf(play: Play) {
  const terminals: Terminal[] = [];
  afterEach(() => {
    for (const terminal of terminals.splice(0)) terminal.close();
  });
  return {
    hasReport: hasReport[play],
    open: async (
      columns = 80,
      rows = 24,
      environment: Readonly<Record<string, string>> = {},
    ): Promise<Terminal> => {
      const terminal = new Terminal(columns, rows, environment);
      terminals.push(terminal);
      terminal.run(`${process.execPath} ${path.resolve(import.meta.dirname, play)}`);
      await terminal.until(hasReport[play]);
      return terminal;
    },
  };
}
