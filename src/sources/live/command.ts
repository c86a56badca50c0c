import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { Failure } from '../../errors/failure.ts';
import { builtFile } from '../../native/addon.ts';

const errorNames: Readonly<Record<number, string>> = { 2: 'ENOENT', 8: 'ENOEXEC', 13: 'EACCES' };

/** A command that stands before its exec: it has its pid, its arguments and our stdin, stdout and stderr. */
export class WaitingCommand {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #argv: readonly string[];
  #running = false;

  private constructor(child: ChildProcess, pid: number, argv: readonly string[]) {
    this.#child = child;
    this.pid = pid;
    this.#argv = argv;
  }

  static start(argv: readonly [string, ...string[]]): WaitingCommand {
    const gate = builtFile('build/Release/memtrace-gate');
    const child = spawn(gate, argv, { stdio: ['inherit', 'inherit', 'inherit', 'pipe', 'pipe'] });
    // Its absence shows in pid; the event must not become an uncaught exception.
    child.on('error', () => {});
    if (child.pid === undefined) throw new Failure('not-built', { file: gate });
    return new WaitingCommand(child, child.pid, argv);
  }

  /** Lets it become the command. Errors: Failure `command-missing`, `command-not-executable`. */
  async run(): Promise<void> {
    const errors = this.#child.stdio[4] as Readable;
    const chunks: Buffer[] = [];
    errors.on('data', (chunk: Buffer) => chunks.push(chunk));
    const closed = once(errors, 'close');
    (this.#child.stdio[3] as Writable).end('g');
    this.#running = true;
    await closed;
    const errno = Buffer.concat(chunks);
    if (errno.length < 4) return;
    const [command = ''] = this.#argv;
    const name = errorNames[errno.readInt32LE(0)] ?? String(errno.readInt32LE(0));
    throw name === 'ENOENT'
      ? new Failure('command-missing', { command })
      : new Failure('command-not-executable', { command, errno: name });
  }

  /** Gives up before run(): the gate ends by itself when its pipe closes. */
  abandon(): void {
    if (!this.#running) (this.#child.stdio[3] as Writable).destroy();
  }

  /** Lets memtrace end while the command goes on. */
  release(): void {
    this.#child.unref();
  }
}
