import { drawScreen } from './draw.tsx';
import type { Stage } from './host.ts';
import { themeFor } from './theme.ts';
import { TriageApp, type TriageAppProps } from './triage/app.tsx';

/** What the screen needs of a session. */
export interface TriageScreen extends Omit<TriageAppProps, 'theme'> {
  readonly environment: NodeJS.ProcessEnv;
  /** Where it is drawn; else on the terminal. */
  readonly stage?: Stage | undefined;
}

/** Draws the screen until it is left by a key or by `leave`; then the terminal is as it was. */
export async function drawTriageScreen({
  environment,
  stage,
  ...screen
}: TriageScreen): Promise<void> {
  await drawScreen(<TriageApp {...screen} theme={themeFor(environment)} />, stage);
}
