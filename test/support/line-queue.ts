import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

interface Waiter {
  readonly matches: (line: string) => boolean;
  readonly resolve: (line: string) => void;
  readonly reject: (error: unknown) => void;
}

/** The lines of a stream, taken by whoever waits for one like it, in any order. */
export class LineQueue {
  readonly #lines: string[] = [];
  #waiters: Waiter[] = [];
  #ended = false;

  constructor(stream: Readable | null) {
    if (stream === null) throw new Error('the process has no stdout to read');
    const reader = createInterface({ input: stream });
    reader.on('line', (line) => {
      this.#lines.push(line);
      this.#serve();
    });
    reader.on('close', () => {
      this.#ended = true;
      this.#serve();
    });
  }

  /** The lines that nobody has taken so far. */
  get pending(): readonly string[] {
    return this.#lines;
  }

  /** Takes the first line that matches, now or later. Rejects at the end of the stream, with what there was instead. */
  next(matches: (line: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ matches, resolve, reject });
      this.#serve();
    });
  }

  #serve(): void {
    this.#waiters = this.#waiters.filter((waiter) => !this.#settle(waiter));
  }

  /** Whether the waiter has got what it waits for, or never will. */
  #settle(waiter: Waiter): boolean {
    try {
      const index = this.#lines.findIndex((line) => waiter.matches(line));
      if (index >= 0) {
        waiter.resolve(this.#lines.splice(index, 1)[0] ?? '');
        return true;
      }
    } catch (error) {
      waiter.reject(error);
      return true;
    }
    if (!this.#ended) return false;
    const had = this.#lines.slice(-20).join('\n');
    waiter.reject(new Error(`the stream ended without that line; it had:\n${had}`));
    return true;
  }
}
