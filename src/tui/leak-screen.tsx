import { render } from 'ink';

import type { LeakReport } from '../domain/leak-report.ts';
import type { SortKey } from '../domain/report-row.ts';
import type { Stack } from '../domain/stack.ts';
import { App } from './app.tsx';
import { themeFor } from './theme.ts';

/** What the screen needs of a session. */
export interface LeakScreen {
  readonly read: () => Promise<LeakReport>;
  readonly withLines: (stack: Stack) => Promise<Stack>;
  /** Who is traced, in a few words. */
  readonly target: string;
  readonly intervalMs: number;
  readonly sort: SortKey;
  readonly environment: NodeJS.ProcessEnv;
  readonly leave: AbortSignal;
}

/** Draws the screen until it is left by a key or by `leave`; then the terminal is as it was. Prints nothing else. */
export async function drawLeakScreen({ environment, ...screen }: LeakScreen): Promise<void> {
  const app = render(<App {...screen} theme={themeFor(environment)} />, {
    alternateScreen: true,
    exitOnCtrlC: false,
    incrementalRendering: true,
    // It is a terminal, also where CI is set: Ink would then draw the last frame only.
    interactive: true,
    maxFps: 10,
    patchConsole: false,
  });
  await app.waitUntilExit();
}
