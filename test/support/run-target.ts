import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { LineQueue } from './line-queue.ts';

/** A truth program that runs: told what to do line by line, and asked what it did. */
export class Target {
  readonly pid: number;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly #child: ChildProcess;
  readonly #lines: LineQueue;

  private constructor(child: ChildProcess, pid: number, lines: LineQueue, exited: Target['exited']) {
    this.#child = child;
    this.pid = pid;
    this.#lines = lines;
    this.exited = exited;
  }

  /** Starts a program that says `ready PID`; `pid` is the one it says, or the child's where it says none. */
  static async start(
    command: readonly string[],
    options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
  ): Promise<Target> {
    const [program, ...args] = command;
    if (program === undefined) throw new Error('no program to start');
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    // A target that dies while it is spoken to is reported by line(), not by a stray EPIPE.
    child.stdin?.on('error', () => {});
    const lines = new LineQueue(child.stdout);
    const ready = await lines.next((line) => line.startsWith('ready '));
    const said = Number(ready.slice('ready '.length));
    const pid = said > 1 ? said : (child.pid ?? 0);
    return new Target(child, pid, lines, exited);
  }

  /** The next line that begins with `word`, without it; lines before it stay for others to take. */
  async line(word: string): Promise<string> {
    const line = await this.#lines.next((text) => text === word || text.startsWith(`${word} `));
    return line.slice(word.length + 1);
  }

  send(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Has the target run a step `count` times and waits until it is done. */
  async run(step: string, count = 1): Promise<void> {
    this.send(`${step} ${count}`);
    await this.#lines.next((line) => {
      if (line === `unknown ${step}`) throw new Error(`the target has no step ${step}`);
      return line === `done ${step}`;
    });
  }

  /** Ends it through its stdin; its exit status, which is `code` when nothing has harmed it. */
  async finish(code = 0): Promise<number | null> {
    this.send(`exit ${code}`);
    return (await this.exited).code;
  }

  /** For clean-up alone: a target that already ended is left alone. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
