import type { CachedFile, CacheProcess } from './cache-snapshot.ts';
import { blameKey, type Movement } from './movement.ts';
import { pages, type Milliseconds, type Pages } from './units.ts';

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
      isOwn: movement.addedTo.has(blameKey({ by, file })),
      cameBack: pages(cameBack),
      exact: cameBack === 0 || (awaySince + of(movement.dropped) === 0 && before.forgotten === 0),
      within: length,
    };
  });
  return rows.sort(
    (a, b) =>
      Number(a.isOwn) - Number(b.isOwn) ||
      b.evicted - a.evicted ||
      (blameKey(a) < blameKey(b) ? -1 : 1),
  );
}
