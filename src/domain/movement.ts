import type { CachedFile, CacheProcess } from './cache-snapshot.ts';
import type { SpanUse } from './span-use.ts';

/** Pages of one file that reclaim took, laid to one process. */
export interface Blame {
  /** null: reclaimed in the background while nobody added pages. */
  readonly by: CacheProcess | null;
  readonly file: CachedFile;
  /** Taken by the kernel's own threads, while `by` added pages: their share by what each process added. */
  readonly background: number;
  /** Taken by `by` itself, which needed memory: direct reclaim. */
  readonly direct: number;
}

/** What came and went in a span of time: pages, by ids. */
export interface Movement {
  readonly blames: ReadonlyMap<string, Blame>;
  /** Added by each process: filled and missed by writes. */
  readonly added: ReadonlyMap<string, number>;
  /** The same by process and file. */
  readonly addedTo: ReadonlyMap<string, number>;
  /** Taken from each file by reclaim. */
  readonly evicted: ReadonlyMap<string, number>;
  /** Of each file, truncated, invalidated or dropped by request. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Of each file, that came back. */
  readonly refaulted: ReadonlyMap<string, number>;
  /** Evicted pages that are in no blame any more. */
  readonly forgotten: number;
}

export const blameKey = ({ by, file }: Pick<Blame, 'by' | 'file'>): string =>
  `${by?.id ?? ''}\0${file.id}`;

/** What came and went in these uses. Background reclaim is laid to those who added pages meanwhile, by how many each added. */
export function movementOf(uses: readonly SpanUse[]): Movement {
  const sum = new MovementSum();
  const background = new Map<CachedFile, number>();
  const processes = new Map<string, CacheProcess>();
  for (const { process, file, counts } of uses) {
    const addedHere = counts.filled + counts.writeMisses;
    processes.set(process.id, process);
    add(sum.added, process.id, addedHere);
    add(sum.addedTo, blameKey({ by: process, file }), addedHere);
    add(sum.evicted, file.id, counts.reclaimed);
    add(sum.dropped, file.id, counts.evicted - counts.reclaimed);
    add(sum.refaulted, file.id, counts.refaulted);
    if (counts.reclaimed === 0) continue;
    if (process.isKernelThread) add(background, file, counts.reclaimed);
    else sum.blame({ by: process, file, background: 0, direct: counts.reclaimed });
  }
  for (const [file, taken] of background) {
    for (const [id, share] of shared(taken, sum.added)) {
      const by = id === null ? null : (processes.get(id) ?? null);
      sum.blame({ by, file, background: share, direct: 0 });
    }
  }
  return sum;
}

const mostEntries = 20_000;

/** Movements one after the other. */
export class MovementSum implements Movement {
  blames = new Map<string, Blame>();
  added = new Map<string, number>();
  addedTo = new Map<string, number>();
  evicted = new Map<string, number>();
  dropped = new Map<string, number>();
  refaulted = new Map<string, number>();
  forgotten = 0;

  absorb(movement: Movement): this {
    for (const each of movement.blames.values()) this.blame(each);
    for (const [id, n] of movement.added) add(this.added, id, n);
    for (const [id, n] of movement.addedTo) add(this.addedTo, id, n);
    for (const [id, n] of movement.evicted) add(this.evicted, id, n);
    for (const [id, n] of movement.dropped) add(this.dropped, id, n);
    for (const [id, n] of movement.refaulted) add(this.refaulted, id, n);
    this.forgotten += movement.forgotten;
    this.#bound();
    return this;
  }

  blame(one: Blame): void {
    const key = blameKey(one);
    const known = this.blames.get(key);
    this.blames.set(key, {
      by: one.by,
      file: one.file,
      background: one.background + (known?.background ?? 0),
      direct: one.direct + (known?.direct ?? 0),
    });
  }

  /** A long session sees any number of processes and files: the smallest figures go. */
  #bound(): void {
    if (this.blames.size > mostEntries) {
      const pagesOf = ({ background, direct }: Blame) => background + direct;
      const [most, rest] = halves(this.blames, pagesOf);
      this.blames = most;
      for (const each of rest.values()) this.forgotten += pagesOf(each);
    }
    for (const name of ['added', 'addedTo', 'evicted', 'dropped', 'refaulted'] as const) {
      if (this[name].size <= mostEntries) continue;
      [this[name]] = halves(this[name], (n) => n);
      this.forgotten += 1;
    }
  }
}

/** The larger entries of a map, and the others. */
function halves<Value>(
  map: ReadonlyMap<string, Value>,
  sizeOf: (value: Value) => number,
): [Map<string, Value>, Map<string, Value>] {
  const sorted = [...map].sort(([, a], [, b]) => sizeOf(b) - sizeOf(a));
  const half = Math.ceil(sorted.length / 2);
  return [new Map(sorted.slice(0, half)), new Map(sorted.slice(half))];
}

function add<Key>(sums: Map<Key, number>, key: Key, n: number): void {
  if (n > 0) sums.set(key, (sums.get(key) ?? 0) + n);
}

/** Whole pages for each by its weight, by the largest remainders: the sum stays. To null where nobody has a weight. */
function shared(total: number, weights: ReadonlyMap<string, number>): Map<string | null, number> {
  const sum = [...weights.values()].reduce((all, weight) => all + weight, 0);
  if (sum === 0) return new Map([[null, total]]);
  const shares = [...weights].map(([id, weight]) => {
    const exact = (total * weight) / sum;
    return { id, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = total - shares.reduce((all, { whole }) => all + whole, 0);
  const result = new Map<string | null, number>();
  for (const { id, whole } of shares.sort((a, b) => b.rest - a.rest || (a.id < b.id ? -1 : 1))) {
    const share = whole + (left-- > 0 ? 1 : 0);
    if (share > 0) result.set(id, share);
  }
  return result;
}
