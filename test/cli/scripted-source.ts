import type { LeakSnapshot } from '../../src/domain/leak-snapshot.ts';
import type { Loss } from '../../src/domain/losses.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import type { LeakSource, TraceEvent } from '../../src/sources/source.ts';

/** A source without a kernel, which notes what is asked of it; the n-th snapshot was taken at n milliseconds. */
export class ScriptedSource implements LeakSource {
  readonly calls: string[] = [];
  readonly ended: Promise<void>;
  /** Once it was closed. */
  readonly closed: Promise<void>;
  readonly #end: () => void;
  readonly #close: () => void;
  readonly #losses: readonly Loss[];
  readonly #batches: TraceEvent[][];
  #taken = 0;
  #last: LeakSnapshot | null = null;

  constructor(
    script: { losses?: readonly Loss[]; events?: readonly (readonly TraceEvent[])[] } = {},
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#end = resolve;
    const closing = Promise.withResolvers<void>();
    this.closed = closing.promise;
    this.#close = closing.resolve;
    this.#losses = script.losses ?? [];
    this.#batches = (script.events ?? []).map((batch) => [...batch]);
  }

  /** The target exits. */
  exit(): void {
    this.#end();
  }

  async snapshot(options: { readonly blocks?: boolean } = {}): Promise<LeakSnapshot> {
    this.calls.push(options.blocks ? 'snapshot with blocks' : 'snapshot');
    return this.#snapshot();
  }

  async withLines<Stack>(stack: Stack): Promise<Stack> {
    return stack;
  }

  async trace(): Promise<readonly TraceEvent[]> {
    return await new Promise((resolve) => setImmediate(() => resolve(this.#batches.shift() ?? [])));
  }

  async close(options: { readonly blocks?: boolean } = {}): Promise<LeakSnapshot> {
    if (!this.#last) {
      this.calls.push(options.blocks ? 'close with blocks' : 'close');
      this.#close();
      this.#last = { ...this.#snapshot(), ended: 'stopped' };
    }
    return this.#last;
  }

  release(): void {}

  #snapshot(): LeakSnapshot {
    this.#taken++;
    return {
      takenAt: 0,
      elapsed: milliseconds(this.#taken),
      mode: 'user',
      images: [],
      sites: [],
      stacks: new Map(),
      mappings: [],
      losses: this.#losses,
      unknownFrees: 0,
      probes: [],
      costNs: null,
      kernelMemory: bytes(0),
      notices: [],
    };
  }
}
