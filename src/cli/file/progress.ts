import { countText } from '../../view/units.ts';

const quietMs = 1000;
const everyMs = 200;

/** Says on a terminal how far a long search is; nothing in its first second, and nothing is left of it. */
export class Progress {
  readonly #write: ((text: string) => void) | null;
  readonly #now: () => number;
  readonly #began: number;
  #saidAt = 0;

  /** `write`: to the terminal, or null where there is none. */
  constructor(write: ((text: string) => void) | null, now: () => number = () => performance.now()) {
    this.#write = write;
    this.#now = now;
    this.#began = now();
  }

  readonly update = (files: number): void => {
    const at = this.#now();
    if (this.#write === null || at - this.#began < quietMs || at - this.#saidAt < everyMs) return;
    this.#saidAt = at;
    this.#write(`\r\x1b[Kmemtrace: ${countText(files)} files so far; Ctrl-C shows them`);
  };

  end(): void {
    if (this.#saidAt > 0) this.#write?.('\r\x1b[K');
  }
}
