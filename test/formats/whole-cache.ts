import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { cacheReport, type CacheReport, type CacheView } from '../../src/domain/cache-report.ts';
import type { CacheShown } from '../../src/formats/cache/format.ts';
import { cacheSnapshot, type FileTraits, type Uses } from '../support/synthetic-cache.ts';

const traits: FileTraits = {
  '/tmp/shm': { kind: 'memory', fileSystem: 'tmpfs', unseen: ['misses', 'readAhead', 'writes'] },
  '/dev/sda': { kind: 'metadata', fileSystem: 'bdev', named: 'device' },
  '/mnt/b': { fileSystem: 'btrfs', unseen: ['writes', 'writeMisses'] },
  '/var/db': { hostPath: '/containers/1/var/db', deleted: true, size: null, resident: null },
};

const before: Uses = {
  'mysqld[9] /var/db /docker/db': { accesses: 400, evicted: 0, filled: 400, misses: 400 },
};

const after: Uses = {
  'mysqld[9] /var/db /docker/db': {
    accesses: 500,
    filled: 430,
    misses: 410,
    readAhead: 20,
    refaulted: 30,
    faults: 5,
  },
  'rsync[77] /backup': { accesses: 1024, misses: 24, readAhead: 1000, filled: 1024 },
  'rsync[77] /dev/sda': { accesses: 3, misses: 1 },
  'kswapd0[40] /var/db': { evicted: 300, reclaimed: 300, wasted: 2 },
  'cat[5] /mnt/b': { accesses: 8, direct: 4 },
  'cat[5] /tmp/shm': { accesses: 6 },
  'cp[6] /new': { writes: 10, writeMisses: 10, dirtied: 10 },
};

/** A report in which everything occurs: the second of two intervals. */
export function wholeCacheReport(view: CacheView = 'process'): CacheReport {
  const history = new CacheHistory();
  history.advance(cacheSnapshot(before, 1, traits));
  const losses = [{ reason: 'uses-full', count: 1200 }] as const;
  return cacheReport(history.advance(cacheSnapshot(after, 2, traits, losses)), { view });
}

/** The same, and what was before it. */
export function wholeCacheSession(view: CacheView = 'process'): CacheReport {
  const history = new CacheHistory();
  history.advance(cacheSnapshot(before, 1, traits));
  const last = cacheSnapshot(after, 2, traits);
  history.advance(last);
  return cacheReport(history.whole(last), { view });
}

export const shownAs = (changes: Partial<CacheShown> = {}): CacheShown => ({
  by: null,
  sort: 'hits',
  reverse: false,
  rows: Infinity,
  timestamp: false,
  compat: false,
  users: new Map([[0, 'root']]),
  ...changes,
});
