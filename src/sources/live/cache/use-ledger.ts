import { mergedProcess } from '../../../domain/cache-snapshot.ts';
import { type CacheTables, noCounts, type UseEntry, idOfUse } from './cache-tables.ts';

/** The sums of a use over all CPUs and over what was taken out of the kernel's table. */
export interface UseSum {
  readonly file: bigint;
  readonly process: bigint;
  readonly cgroup: bigint;
  readonly counts: Float64Array;
}

/** Keeps the kernel's table from filling up: what is not in use any more is taken out of it, and kept here. */
export class UseLedger {
  readonly #tables: CacheTables;
  readonly #roomFor: number;
  /** Uses whose entries were taken out. */
  #past = new Map<string, UseSum>();
  #seen = new Map<string, number>();

  /** `maxRows`: entries that the kernel's table has room for. */
  constructor(tables: CacheTables, maxRows: number) {
    this.#tables = tables;
    this.#roomFor = maxRows;
  }

  /** Reads the table. `isOver(process)`: it had exited before this call; `othersLike(file)`: who stands for files of its kind. */
  async read(
    isOver: (process: bigint) => boolean,
    othersLike: (file: bigint) => bigint,
  ): Promise<UseSum[]> {
    const entries = await this.#tables.uses();
    const isFilling = entries.length > this.#roomFor / 2;
    const kept: UseEntry[] = [];
    const over: UseEntry[] = [];
    const seen = new Map<string, number>();
    for (const entry of entries) {
      const activity = entry.counts.reduce((sum, count) => sum + count, 0);
      const cpuId = `${entry.id}.${entry.cpu}`;
      const idle = this.#seen.get(cpuId) === activity;
      seen.set(cpuId, activity);
      (isOver(entry.process) || (isFilling && idle) ? over : kept).push(entry);
    }
    this.#seen = seen;
    if (over.length > 0) for (const entry of this.#tables.takeUses(over)) add(this.#past, entry);
    this.#bound(isOver, othersLike);
    const sums = new Map<string, UseSum>();
    for (const [id, sum] of this.#past) sums.set(id, { ...sum, counts: sum.counts.slice() });
    for (const entry of kept) add(sums, entry);
    return [...sums.values()];
  }

  /** A long session may see any number of processes and files: then those that are over are no longer told apart. */
  #bound(isOver: (process: bigint) => boolean, othersLike: (file: bigint) => bigint): void {
    if (this.#past.size > this.#roomFor)
      this.#merge((use) => (isOver(use.process) ? { ...use, process: earlierProcesses } : use));
    if (this.#past.size > this.#roomFor)
      this.#merge((use) => ({ ...use, process: earlierProcesses, file: othersLike(use.file) }));
  }

  #merge(into: (use: UseSum) => UseSum): void {
    const merged = new Map<string, UseSum>();
    for (const use of this.#past.values()) {
      const sum = into(use);
      add(merged, { ...sum, id: idOfUse(sum) });
    }
    this.#past = merged;
  }
}

/** Stands for all processes that are not told apart any more. */
export const earlierProcesses = BigInt(mergedProcess);

function add(
  sums: Map<string, UseSum>,
  { id, file, process, cgroup, counts }: Omit<UseEntry, 'key' | 'cpu'>,
): void {
  const sum = sums.get(id) ?? { file, process, cgroup, counts: noCounts() };
  counts.forEach((count, i) => {
    sum.counts[i] = (sum.counts[i] ?? 0) + count;
  });
  sums.set(id, sum);
}
