import type { CachedFile, CacheProcess } from './cache-snapshot.ts';
import type { SpanUse } from './span-use.ts';
import { pages, type Milliseconds, type Pages } from './units.ts';

/** Pages of one file that reclaim took, laid to one process. */
interface Blame {
  /** null: reclaimed in the background while nobody added pages. */
  readonly by: CacheProcess | null;
  readonly file: CachedFile;
  /** Taken by the kernel's own threads, while `by` added pages: their share by what each process added. */
  readonly background: number;
  /** Taken by `by` itself, which needed memory: direct reclaim. */
  readonly direct: number;
}

/** What came and went in a span of time. */
export interface Movement {
  readonly blames: ReadonlyMap<string, Blame>;
  /** Pages added by each process, by its id: filled and missed by writes. */
  readonly added: ReadonlyMap<string, number>;
  /** The same by process and file. */
  readonly addedTo: ReadonlyMap<string, number>;
  /** Pages that reclaim took from each file, by its id. */
  readonly evicted: ReadonlyMap<string, number>;
  /** Pages of each file that were truncated, invalidated or dropped by request. */
  readonly dropped: ReadonlyMap<string, number>;
  /** Pages of each file that came back. */
  readonly refaulted: ReadonlyMap<string, number>;
}

/** A movement, how long it took, and what had moved before it in the session. */
export interface EvictionWindow {
  readonly length: Milliseconds;
  readonly movement: Movement;
  readonly before: Movement;
}

/** Who evicts whom: pages of a file that left while a process was adding pages. */
export interface Eviction {
  /** null: nobody was adding pages; other memory took their place. */
  readonly by: CacheProcess | null;
  readonly file: CachedFile;
  readonly evicted: Pages;
  /** Those of them that `by` reclaimed itself; the others were taken in the background, and are its share by what it added. */
  readonly direct: Pages;
  /** What `by` added to the cache in that time. */
  readonly added: Pages;
  /** Whether pages of this very file were among those. */
  readonly isOwn: boolean;
  /** Pages of the file that were evicted and came back in that time, as large a share of them as `evicted` is; at most. */
  readonly cameBack: Pages;
  /** Whether `cameBack` is exact: false where pages may be among them that were evicted earlier, or dropped otherwise. */
  readonly exact: boolean;
  /** The time. */
  readonly within: Milliseconds;
}

/** What came and went in these uses. Background reclaim is laid to those who added pages meanwhile, by how many each added. */
export function movementOf(uses: readonly SpanUse[]): Movement {
  const added = new Map<string, number>();
  const addedTo = new Map<string, number>();
  const evicted = new Map<string, number>();
  const dropped = new Map<string, number>();
  const refaulted = new Map<string, number>();
  const background = new Map<CachedFile, number>();
  const processes = new Map<string, CacheProcess>();
  const blames = new Map<string, Blame>();
  for (const { process, file, counts } of uses) {
    processes.set(process.id, process);
    add(added, process.id, counts.filled + counts.writeMisses);
    add(addedTo, keyOf({ by: process, file }), counts.filled + counts.writeMisses);
    add(evicted, file.id, counts.reclaimed);
    add(dropped, file.id, counts.evicted - counts.reclaimed);
    add(refaulted, file.id, counts.refaulted);
    if (counts.reclaimed === 0) continue;
    if (process.isKernelThread) add(background, file, counts.reclaimed);
    else blame(blames, { by: process, file, background: 0, direct: counts.reclaimed });
  }
  for (const [file, taken] of background) {
    for (const [id, share] of shared(taken, added)) {
      const by = id === null ? null : (processes.get(id) ?? null);
      blame(blames, { by, file, background: share, direct: 0 });
    }
  }
  return { blames, added, addedTo, evicted, dropped, refaulted };
}

export function mergeMovements(movements: readonly Movement[]): Movement {
  const blames = new Map<string, Blame>();
  const sum = (of: (movement: Movement) => ReadonlyMap<string, number>) => {
    const sums = new Map<string, number>();
    for (const movement of movements) for (const [id, n] of of(movement)) add(sums, id, n);
    return sums;
  };
  for (const movement of movements)
    for (const each of movement.blames.values()) blame(blames, each);
  return {
    blames,
    added: sum(({ added }) => added),
    addedTo: sum(({ addedTo }) => addedTo),
    evicted: sum(({ evicted }) => evicted),
    dropped: sum(({ dropped }) => dropped),
    refaulted: sum(({ refaulted }) => refaulted),
  };
}

/** The evictions of a window: those of other files than one's own first, then most pages first. */
export function evictionsOf({ length, movement, before }: EvictionWindow): Eviction[] {
  const rows = [...movement.blames.values()].map(({ by, file, background, direct }): Eviction => {
    const of = (counts: ReadonlyMap<string, number>) => counts.get(file.id) ?? 0;
    const fileEvicted = of(movement.evicted);
    const share = fileEvicted === 0 ? 0 : (background + direct) / fileEvicted;
    const cameBack = Math.round(Math.min(of(movement.refaulted), fileEvicted) * share);
    const awaySince = Math.max(0, of(before.evicted) + of(before.dropped) - of(before.refaulted));
    return {
      by,
      file,
      evicted: pages(background + direct),
      direct: pages(direct),
      added: pages(by === null ? 0 : (movement.added.get(by.id) ?? 0)),
      isOwn: movement.addedTo.has(keyOf({ by, file })),
      cameBack: pages(cameBack),
      exact: cameBack === 0 || awaySince + of(movement.dropped) === 0,
      within: length,
    };
  });
  return rows.sort(
    (a, b) =>
      Number(a.isOwn) - Number(b.isOwn) || b.evicted - a.evicted || (keyOf(a) < keyOf(b) ? -1 : 1),
  );
}

const keyOf = ({ by, file }: Pick<Blame, 'by' | 'file'>): string => `${by?.id ?? ''}\0${file.id}`;

function add<Key>(sums: Map<Key, number>, key: Key, n: number): void {
  if (n > 0) sums.set(key, (sums.get(key) ?? 0) + n);
}

function blame(blames: Map<string, Blame>, one: Blame): void {
  const key = keyOf(one);
  const known = blames.get(key);
  blames.set(key, {
    by: one.by,
    file: one.file,
    background: one.background + (known?.background ?? 0),
    direct: one.direct + (known?.direct ?? 0),
  });
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
