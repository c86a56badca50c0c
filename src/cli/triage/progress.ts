import type { Milliseconds } from '../../domain/units.ts';

/** Says on a terminal how much of the watching is over; nothing is left of it. `write`: to the terminal, or null without one. */
export class WatchProgress {
  readonly #write: ((text: string) => void) | null;
  #isSaid = false;

  constructor(write: ((text: string) => void) | null) {
    this.#write = write;
  }

  readonly update = (watched: Milliseconds, of: Milliseconds): void => {
    if (this.#write === null) return;
    this.#isSaid = true;
    const seconds = (ms: number) => Math.round(ms / 1000);
    this.#write(
      `\r\x1b[Kmemtrace: watching, ${seconds(watched)} s of ${seconds(of)} s; Ctrl-C reports now`,
    );
  };

  end(): void {
    if (this.#isSaid) this.#write?.('\r\x1b[K');
  }
}
