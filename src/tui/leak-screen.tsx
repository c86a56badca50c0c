import { drawScreen } from './draw.tsx';
import { LeakApp, type LeakAppProps } from './leak/app.tsx';
import type { Stage } from './host.ts';
import { themeFor } from './theme.ts';

/** What the screen needs of a session. */
export interface LeakScreen extends Omit<LeakAppProps, 'theme'> {
  readonly environment: NodeJS.ProcessEnv;
  /** Where it is drawn; else on the terminal. */
  readonly stage?: Stage | undefined;
}

/** Draws the screen until it is left by a key or by `leave`; then the terminal is as it was. */
export async function drawLeakScreen({ environment, stage, ...screen }: LeakScreen): Promise<void> {
  await drawScreen(<LeakApp {...screen} theme={themeFor(environment)} />, stage);
}
