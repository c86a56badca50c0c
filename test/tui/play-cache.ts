// The cache screen on a synthetic page cache, for a terminal: a database that is thrashed by a backup, and a hundred small readers.
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { CacheReading } from '../../src/domain/cache-reading.ts';
import { noFilter } from '../../src/domain/cache-filter.ts';
import type { CacheLoss, PageCounts } from '../../src/domain/cache-snapshot.ts';
import type * as Screen from '../../src/tui/cache-screen.tsx';
import { SyntheticCache } from '../support/synthetic-cache.ts';

// JSX has to be compiled: the screen comes from the build.
const built = new URL('../../dist/tui/cache-screen.js', import.meta.url).href;
const { drawCacheScreen } = (await import(built)) as typeof Screen;

const losses: CacheLoss[] =
  process.env['LOSSES'] === undefined ? [] : [{ reason: 'uses-full', count: 12 }];
const times = (step: number, counts: Partial<PageCounts>): Partial<PageCounts> =>
  Object.fromEntries(Object.entries(counts).map(([column, count]) => [column, count * step]));
const small = Array.from(
  { length: 100 },
  (_, i) => [`small${i}[${1000 + i}] /srv/small/${i} /user`, i + 1] as const,
);
const source = new SyntheticCache(
  (step) => ({
    'postgres[1893] /var/lib/postgresql/16/main/base/16384/24611 /system.slice/postgres': times(
      step,
      {
        accesses: 25_615,
        misses: 6_000,
        readAhead: 1_411,
        refaulted: 4_102,
      },
    ),
    'backup[7710] /srv/backup/archive.tar /user': times(step, {
      accesses: 1_822,
      misses: 22,
      readAhead: 1_800,
      filled: 1_822,
    }),
    'kswapd0[63] /var/lib/postgresql/16/main/base/16384/24611 /': times(step, {
      evicted: 4_000,
      reclaimed: 4_000,
    }),
    ...Object.fromEntries(small.map(([key, accesses]) => [key, times(step, { accesses })])),
  }),
  {},
  losses,
);
const history = new CacheHistory();
await drawCacheScreen({
  read: async () => {
    const snapshot = await source.snapshot();
    const interval = history.advance(snapshot);
    const spans = { interval: () => interval, session: () => history.whole(snapshot) };
    return new CacheReading(spans, noFilter);
  },
  only: null,
  users: new Map([[0, 'root']]),
  intervalMs: Number(process.env['INTERVAL_MS'] ?? 250),
  by: 'process',
  sort: 'hits',
  reversed: false,
  environment: process.env,
  leave: new AbortController().signal,
});
process.stdout.write('left the screen\n');
