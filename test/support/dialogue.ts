import type { Writable } from 'node:stream';

import type { LineQueue } from './line-queue.ts';

/** How one talks with a truth program: a command a line, and what it answers. */
export class Dialogue {
  readonly #input: Writable;
  readonly #lines: LineQueue;

  constructor(input: Writable | null, lines: LineQueue) {
    if (input === null) throw new Error('the process has no stdin to write to');
    // A program that dies while it is spoken to is reported by line(), not by a stray EPIPE.
    input.on('error', () => {});
    this.#input = input;
    this.#lines = lines;
  }

  /** The next line that begins with `word`, without it; other lines stay for others to take. */
  async line(word: string): Promise<string> {
    const line = await this.#lines.next((text) => text === word || text.startsWith(`${word} `));
    return line.slice(word.length + 1);
  }

  send(command: string): void {
    this.#input.write(`${command}\n`);
  }

  /** Has the program run a step `count` times and waits until it is done. */
  async run(step: string, count = 1): Promise<void> {
    this.send(`${step} ${count}`);
    await this.#lines.next((line) => {
      if (line === `unknown ${step}`) throw new Error(`the target has no step ${step}`);
      return line === `done ${step}`;
    });
  }
}
