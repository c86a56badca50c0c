import { render } from 'ink';
import type { ReactNode } from 'react';

/** Draws a screen until it exits; then the terminal is as it was. Prints nothing else. */
export async function drawScreen(screen: ReactNode): Promise<void> {
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
