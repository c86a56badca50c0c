import { drawScreen } from './draw.tsx';
import { LeakApp, type LeakAppProps } from './leak/app.tsx';
import { themeFor } from './theme.ts';

/** What the screen needs of a session. */
export interface LeakScreen extends Omit<LeakAppProps, 'theme'> {
  readonly environment: NodeJS.ProcessEnv;
}

/** Draws the screen until it is left by a key or by `leave`; then the terminal is as it was. */
export async function drawLeakScreen({ environment, ...screen }: LeakScreen): Promise<void> {
  await drawScreen(<LeakApp {...screen} theme={themeFor(environment)} />);
}
