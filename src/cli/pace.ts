import { type Milliseconds, milliseconds } from '../domain/units.ts';

export type Over = 'stopped' | 'target-ended' | 'time-is-up';

/** When the next report is due, and when the run is over; everything that waits, waits here. */
export class Pace {
  readonly #start = performance.now();
  readonly #deadline: NodeJS.Timeout | null;
  #over: Over | null;
  #wake: (() => void) | null = null;

  /** `duration` may be Infinity. */
  constructor(stop: AbortSignal, ended: Promise<void>, duration: Milliseconds) {
    const end = (over: Over) => {
      this.#over ??= over;
      this.#wake?.();
    };
    this.#over = stop.aborted ? 'stopped' : null;
    stop.addEventListener('abort', () => end('stopped'), { once: true });
    void ended.then(() => end('target-ended'));
    this.#deadline = Number.isFinite(duration)
      ? setTimeout(() => end('time-is-up'), duration)
      : null;
  }

  /** Why the run is over, or null while it is not. */
  get over(): Over | null {
    return this.#over;
  }

  /** Until the next whole multiple of `interval` since the start; Infinity for an infinite one. */
  untilTick(interval: Milliseconds): Milliseconds {
    const elapsed = performance.now() - this.#start;
    return milliseconds(interval * (Math.floor(elapsed / interval) + 1) - elapsed);
  }

  /** Waits, but not past the end of the run. */
  async sleep(duration: Milliseconds): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await this.during(
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, duration);
      }),
    );
    clearTimeout(timer);
  }

  /** Waits for a promise, but not past the end of the run: then the result is undefined, and the promise goes on. */
  async during<Value>(promise: Promise<Value>): Promise<Value | undefined> {
    // Not Promise.race with a promise of the end: each race would leave something behind on that for the whole run.
    return await new Promise<Value | undefined>((resolve, reject) => {
      this.#wake = () => resolve(undefined);
      promise.then(resolve, reject);
      if (this.#over) this.#wake();
    });
  }

  dispose(): void {
    if (this.#deadline) clearTimeout(this.#deadline);
  }
}
