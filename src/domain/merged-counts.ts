import { mergedProcess, type PageCounts } from './cache-snapshot.ts';
import { addCounts, isNothing, mapCounts, noPages } from './page-counts.ts';
import type { SpanUse } from './span-use.ts';

/** Counts of uses that vanished, to be found in what the uses of the merged process grew by. */
export class MergedCounts {
  /** Of the vanished uses, by file and cgroup, as far as they were not found yet. */
  readonly #left = new Map<string, Map<string, PageCounts>>();
  /** Found in the uses of the merged process, by file and cgroup. */
  readonly #found = new Map<string, PageCounts>();

  /** `gone`: with what was shown of them; `grown`: all uses of the snapshot, with what they grew by. */
  constructor(gone: readonly SpanUse[], grown: Iterable<SpanUse>) {
    if (gone.length === 0) return;
    for (const { file, cgroup, counts } of gone) {
      if (isNothing(counts)) continue;
      const files = this.#left.get(cgroup.id) ?? new Map<string, PageCounts>();
      files.set(file.id, addCounts(files.get(file.id) ?? noPages, counts));
      this.#left.set(cgroup.id, files);
    }
    const merged = [...grown].filter(({ process }) => process.id === mergedProcess);
    for (const use of merged) this.#find(use, use.file.id);
    for (const use of merged)
      for (const file of this.#left.get(use.cgroup.id)?.keys() ?? []) this.#find(use, file);
  }

  /** What a use grew by, without what was counted already as that of another process. */
  without({ process, file, cgroup }: Omit<SpanUse, 'counts'>, growth: PageCounts): PageCounts {
    const found = this.#found.get(`${file.id}\0${cgroup.id}`);
    if (process.id !== mergedProcess || found === undefined) return growth;
    return mapCounts((column) => growth[column] - found[column]);
  }

  /** Whether all that vanished from a cgroup was found. */
  hasAll(cgroup: string): boolean {
    return (this.#left.get(cgroup)?.size ?? 0) === 0;
  }

  #find({ file, cgroup, counts }: SpanUse, goneFile: string): void {
    const files = this.#left.get(cgroup.id);
    const left = files?.get(goneFile);
    if (files === undefined || left === undefined) return;
    const key = `${file.id}\0${cgroup.id}`;
    const before = this.#found.get(key) ?? noPages;
    const found = mapCounts((column) => Math.min(left[column], counts[column] - before[column]));
    this.#found.set(key, addCounts(before, found));
    const rest = mapCounts((column) => left[column] - found[column]);
    if (isNothing(rest)) files.delete(goneFile);
    else files.set(goneFile, rest);
  }
}
