import type { Stack, StackEnd } from '../../domain/stack.ts';
import type { BpfObject, Layout } from '../../native/bpf.ts';
import { enumNames } from './events.ts';
import { Records, u64Bytes } from './records.ts';

/** A stack as the kernel side keeps it: addresses, innermost first. */
export interface RawStack {
  readonly addresses: readonly bigint[];
  readonly end: StackEnd;
}

/** The frames of hash 0: the stack had no room in its table. */
export const lostStack: Stack = { id: '0', frames: [], end: 'lost' };

/** Reads stacks by their hash, each once. */
export class RawStacks {
  readonly #object: BpfObject;
  readonly #layout: Layout;
  readonly #ends: ReadonlyMap<number, StackEnd>;
  readonly #known = new Map<bigint, RawStack>();

  constructor(object: BpfObject) {
    this.#object = object;
    this.#layout = object.layout('stack');
    this.#ends = enumNames<StackEnd>(object.enumerators('stack_end'), 'END_');
  }

  /** null where the table does not have it. */
  get(hash: bigint): RawStack | null {
    const known = this.#known.get(hash);
    if (known !== undefined) return known;
    const bytes = this.#object.lookup('stacks', u64Bytes(hash));
    if (bytes === null) return null;
    const record = new Records(bytes, this.#layout);
    const stack = {
      addresses: record.bigs(0, 'frames', record.u32(0, 'length')),
      end: this.#ends.get(record.u32(0, 'end')) ?? 'broken',
    };
    this.#known.set(hash, stack);
    return stack;
  }
}
