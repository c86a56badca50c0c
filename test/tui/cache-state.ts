import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { CacheReading } from '../../src/domain/cache-reading.ts';
import { noFilter } from '../../src/domain/cache-filter.ts';
import {
  type CacheMessage,
  type CacheState,
  initialCacheState,
  reduceCache,
} from '../../src/tui/cache/state.ts';
import { cacheSnapshot, type FileTraits, type Uses } from '../support/synthetic-cache.ts';
import { resized } from './screen-state.ts';

/** What the screen reads of a page cache that does `steps`, one after the other: cumulative uses. */
export function readingsOf(steps: readonly Uses[], traits: FileTraits = {}): CacheReading[] {
  const history = new CacheHistory();
  return steps.map((uses, i) => {
    const snapshot = cacheSnapshot(uses, i + 1, traits);
    const interval = history.advance(snapshot);
    const session = history.whole(snapshot);
    return new CacheReading({ interval: () => interval, session: () => session }, noFilter);
  });
}

export const reported = (report: CacheReading): CacheMessage => ({ type: 'reported', report });

/** A screen of ten rows of processes, by hits, before its first report. */
export const blankCache: CacheState = reduceCache(
  initialCacheState({ intervalMs: 1000, by: 'process', sort: 'hits', reversed: false }),
  resized(10),
);
