import { CacheApp, type CacheAppProps } from './cache/app.tsx';
import { drawScreen } from './draw.tsx';
import type { Stage } from './host.ts';
import { themeFor } from './theme.ts';

/** What the screen needs of a session. */
export interface CacheScreen extends Omit<CacheAppProps, 'theme'> {
  readonly environment: NodeJS.ProcessEnv;
  /** Where it is drawn; else on the terminal. */
  readonly stage?: Stage | undefined;
}

/** Draws the screen until it is left by a key or by `leave`; then the terminal is as it was. */
export async function drawCacheScreen({
  environment,
  stage,
  ...screen
}: CacheScreen): Promise<void> {
  await drawScreen(<CacheApp {...screen} theme={themeFor(environment)} />, stage);
}
