import type { Stack } from '../../domain/stack.ts';
import type { Milliseconds } from '../../domain/units.ts';
import type { TraceEvent } from '../source.ts';
import type { Event } from './events.ts';

const maxWaiting = 1 << 17;

/** Events of `--trace` between the ring and their reader; the oldest are dropped, and counted, when the reader is too slow. */
export class TraceQueue {
  dropped = 0;
  readonly #stack: (hash: bigint, image: number) => Stack;
  #waiting: TraceEvent[] = [];
  #arrived: () => void = () => {};

  constructor(stack: (hash: bigint, image: number) => Stack) {
    this.#stack = stack;
  }

  add(event: Event, at: Milliseconds): void {
    if (this.#waiting.length >= maxWaiting) {
      this.dropped++;
      return;
    }
    this.#waiting.push({
      at,
      pid: event.pid,
      tid: event.tid,
      command: event.command,
      what: event.kind === 'alloc' ? 'alloc' : 'free',
      address: event.address,
      size: event.size,
      stack: this.#stack(event.stack, event.image),
    });
    this.#arrived();
  }

  async take(timeoutMs: number): Promise<readonly TraceEvent[]> {
    if (this.#waiting.length === 0 && timeoutMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#arrived = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }
}
