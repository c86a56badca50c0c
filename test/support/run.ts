import { execFileSync } from 'node:child_process';

/** Runs a command to its end; what it wrote. Throws with its stderr when it fails. */
export const run = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 30 });
