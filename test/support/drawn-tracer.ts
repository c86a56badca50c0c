import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { command } from './memtrace.ts';
import { Terminal } from './terminal.ts';

/** memtrace on a terminal, as a user starts it from a shell. */
export class DrawnTracer {
  readonly terminal: Terminal;
  readonly #pidFile = path.join(tmpdir(), `memtrace-${process.pid}-${Math.random()}.pid`);

  /** `args`: words for the shell. */
  constructor(
    columns: number,
    rows: number,
    args: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    this.terminal = new Terminal(columns, rows, environment);
    const tracer = `sh -c 'echo $$ > ${this.#pidFile}; exec ${command} ${args}'`;
    this.terminal.run(`${tracer}; echo status $?`);
  }

  get pid(): number {
    return Number(readFileSync(this.#pidFile, 'utf8'));
  }

  /** What is on the terminal after a good end: it is as it was before, and usable. */
  async leftInOrder(): Promise<string> {
    const lines = await this.terminal.until((screen) => screen.includes('status 0\n$'));
    if (!this.terminal.isAsBefore()) throw new Error('the terminal is not as it was');
    this.terminal.run('echo echoed');
    await this.terminal.until((screen) => /^echoed$/m.test(screen));
    return lines.join('\n');
  }

  close(): void {
    this.terminal.close();
    rmSync(this.#pidFile, { force: true });
  }
}
