import type { Milliseconds } from '../../../domain/units.ts';

/** What changes slowly or is dear to read: had anew after so long at the earliest, the same until then. */
export class Seldom<Value> {
  readonly #everyMs: number;
  readonly #read: () => Value;
  #had: { readonly at: number; readonly value: Value } | null = null;

  constructor(everyMs: number, read: () => Value) {
    this.#everyMs = everyMs;
    this.#read = read;
  }

  at(now: Milliseconds): Value {
    if (this.#had === null || now - this.#had.at >= this.#everyMs)
      this.#had = { at: now, value: this.#read() };
    return this.#had.value;
  }
}
