import type { FileEntry } from './file-entries.ts';
import type { UseSum } from './use-ledger.ts';

/** Tells which files nobody has used since the last look. */
export class IdleFiles {
  #activity: ReadonlyMap<bigint, number> = new Map();

  /** Those of `files` with which nothing was done since the last call; none that it did not have. */
  look(files: readonly FileEntry[], uses: readonly UseSum[]): bigint[] {
    const counted = new Map<bigint, number>();
    for (const { file, counts } of uses)
      counted.set(
        file,
        counts.reduce((sum, count) => sum + count, counted.get(file) ?? 0),
      );
    const before = this.#activity;
    const now = new Map(files.map(({ id }) => [id, counted.get(id) ?? 0]));
    this.#activity = now;
    return [...now].filter(([id, activity]) => before.get(id) === activity).map(([id]) => id);
  }

  /** Nothing is to be compared with the next look. */
  forget(): void {
    this.#activity = new Map();
  }
}
