import { type ChildProcess, spawn } from 'node:child_process';

import { Dialogue } from './dialogue.ts';
import { LineQueue } from './line-queue.ts';
import { program } from './library.ts';
import { requires } from './require.ts';

/** Whether tests can mount, in a namespace of their own. */
export const canMount = (): boolean =>
  requires(
    'namespaces',
    process.getuid?.() === 0 && program('unshare') !== null,
    'it takes root and unshare',
  );

/** A process in a mount namespace of its own, where a script has mounted something; all of it goes when it is ended. */
export class MountSandbox extends Dialogue {
  readonly pid: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    super(child.stdin, new LineQueue(child.stdout));
    this.#child = child;
    this.pid = child.pid ?? 0;
  }

  /** Runs the script there and waits for it; `$1` and so on are the arguments. */
  static async run(script: string, ...args: readonly string[]): Promise<MountSandbox> {
    const whole = `set -e\n${script}\necho ready\nexec cat`;
    const shell = ['sh', '-c', whole, 'sh', ...args];
    const child = spawn('unshare', ['--mount', '--propagation', 'private', ...shell], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const sandbox = new MountSandbox(child);
    await sandbox.line('ready');
    return sandbox;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
