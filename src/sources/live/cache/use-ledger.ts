import type { CacheTables, UseEntry } from './cache-tables.ts';
import { noCounts } from './cache-tables.ts';

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
  readonly #past = new Map<string, UseSum>();
  #seen = new Map<string, number>();

  /** `maxRows`: entries that the kernel's table has room for. */
  constructor(tables: CacheTables, maxRows: number) {
    this.#tables = tables;
    this.#roomFor = maxRows;
  }

  /** Reads the table. `isOver(process)`: it had exited before this call. */
  async read(isOver: (process: bigint) => boolean): Promise<UseSum[]> {
    const entries = await this.#tables.uses();
    const isFilling = entries.length > this.#roomFor / 2;
    const kept: UseEntry[] = [];
    const over: UseEntry[] = [];
    const seen = new Map<string, number>();
    for (const entry of entries) {
      const activity = entry.counts.reduce((sum, count) => sum + count, 0);
      const cpuId = `${entry.id}.${entry.key[entry.key.length - 8]}`;
      const idle = this.#seen.get(cpuId) === activity;
      seen.set(cpuId, activity);
      (isOver(entry.process) || (isFilling && idle) ? over : kept).push(entry);
    }
    this.#seen = seen;
    if (over.length > 0) for (const entry of this.#tables.takeUses(over)) add(this.#past, entry);
    const sums = new Map<string, UseSum>();
    for (const [id, sum] of this.#past) sums.set(id, { ...sum, counts: sum.counts.slice() });
    for (const entry of kept) add(sums, entry);
    return [...sums.values()];
  }
}

function add(sums: Map<string, UseSum>, { id, file, process, cgroup, counts }: UseEntry): void {
  const sum = sums.get(id) ?? { file, process, cgroup, counts: noCounts() };
  counts.forEach((count, i) => {
    sum.counts[i] = (sum.counts[i] ?? 0) + count;
  });
  sums.set(id, sum);
}
