import { render } from 'ink';
import type { ReactNode } from 'react';

import type { Stage } from './host.ts';

/** Draws a screen until it exits: on a stage, or on the terminal, which is then as it was. Prints nothing else. */
export async function drawScreen(screen: ReactNode, stage: Stage | undefined): Promise<void> {
  if (stage !== undefined) return await stage.show(screen);
  const app = render(screen, {
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
