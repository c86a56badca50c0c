import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { Dialogue } from './dialogue.ts';
import { LineQueue } from './line-queue.ts';

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whether the program runs as the child of the one that is started (unshare --fork). */
  readonly forked?: boolean;
}

/** A truth program that runs: told what to do line by line, and asked what it did. */
export class Target extends Dialogue {
  readonly pid: number;
  /** The exit status; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  private constructor(
    child: ChildProcess,
    lines: LineQueue,
    exited: Promise<number | null>,
    pid: number,
  ) {
    super(child.stdin, lines);
    this.#child = child;
    this.exited = exited;
    this.pid = pid;
  }

  /** Starts a program and waits for the line `ready …`. */
  static async start(command: readonly string[], options: Options = {}): Promise<Target> {
    const [program, ...args] = command;
    if (program === undefined) throw new Error('no program to start');
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const exited = once(child, 'exit').then(([code]) => code);
    const lines = new LineQueue(child.stdout);
    await lines.next((line) => line.startsWith('ready '));
    const started = child.pid ?? 0;
    const pid = options.forked === true ? onlyChild(started) : started;
    return new Target(child, lines, exited, pid);
  }

  /** Ends it through its stdin; its exit status, which is `code` when nothing has harmed it. */
  finish(code = 0): Promise<number | null> {
    this.send(`exit ${code}`);
    return this.exited;
  }

  /** For clean-up alone: a target that already ended is left alone. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

function onlyChild(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}
