import type { FileKind } from '../../../domain/cache-snapshot.ts';
import type { KindTotal } from '../../../domain/residents.ts';
import { pages } from '../../../domain/units.ts';

const order: readonly FileKind[] = ['file', 'metadata', 'memory', 'other'];

/** Adds up files by their kind. */
export class KindTotals {
  readonly #sums = new Map<FileKind, { files: number; pages: number }>();

  add(kind: FileKind, count: number): void {
    const sum = this.#sums.get(kind) ?? { files: 0, pages: 0 };
    sum.files++;
    sum.pages += count;
    this.#sums.set(kind, sum);
  }

  get all(): KindTotal[] {
    return order.flatMap((kind) => {
      const sum = this.#sums.get(kind);
      return sum === undefined ? [] : [{ kind, files: sum.files, pages: pages(sum.pages) }];
    });
  }
}
