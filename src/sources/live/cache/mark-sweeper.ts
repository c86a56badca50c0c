import type { BpfObject } from '../../../native/bpf.ts';
import { Records } from '../records.ts';

/** Blocks of 64 pages that the kernel's table of unread pages has room for. */
export const roomForMarks = 2 ** 18;

/**
 * Keeps the table of unread pages from filling up: a block stays in it until its last page was accessed, which a file that ends
 * before, or a random reader, never does.
 */
export class MarkSweeper {
  readonly #object: Pick<BpfObject, 'read' | 'take' | 'update' | 'layout'>;
  readonly #room: number;
  /** At most as many blocks are in the table. */
  #blocks = 0;
  #inserted = 0;

  constructor(object: Pick<BpfObject, 'read' | 'take' | 'update' | 'layout'>, room = roomForMarks) {
    this.#object = object;
    this.#room = room;
  }

  /** Sweeps if the table may be half full of what came since. `inserted`: pages since the session began; each makes one block at most. */
  async sweep(inserted: number): Promise<void> {
    this.#blocks += Math.max(0, inserted - this.#inserted);
    this.#inserted = inserted;
    if (this.#blocks <= this.#room / 2) return;
    const { length, keys, keySize, values } = await this.#object.read('unread_pages');
    const marks = new Records(values, this.#object.layout('marks'));
    const done = Array.from({ length }, (_, i) => i).filter((i) => marks.big(i, 'unread') === 0n);
    const packed = new Uint8Array(done.length * keySize);
    done.forEach((i, at) =>
      packed.set(keys.subarray(i * keySize, (i + 1) * keySize), at * keySize),
    );
    this.#takeOut(packed);
    // So many that are unread leave less room: it is looked again sooner, but not each time.
    this.#blocks = Math.min(length - done.length, this.#room / 4);
  }

  /** A block that pages were inserted into meanwhile is put back. */
  #takeOut(keys: Uint8Array): void {
    const taken = this.#object.take('unread_pages', keys);
    const marks = new Records(taken.values, this.#object.layout('marks'));
    for (let i = 0; i < taken.length; i++) {
      if (marks.big(i, 'unread') === 0n) continue;
      this.#object.update(
        'unread_pages',
        taken.keys.subarray(i * taken.keySize, (i + 1) * taken.keySize),
        taken.values.subarray(i * taken.valueSize, (i + 1) * taken.valueSize),
      );
    }
  }
}
