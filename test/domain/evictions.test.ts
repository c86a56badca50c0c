import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CacheHistory } from '../../src/domain/cache-interval.ts';
import { type Eviction, evictionsOf } from '../../src/domain/evictions.ts';
import { bytes } from '../../src/domain/units.ts';
import { evictionText } from '../../src/view/eviction-text.ts';
import { cacheSnapshot, type Uses } from '../support/synthetic-cache.ts';

/** The evictions after these snapshots, a second apart. */
const after = (...snapshots: Uses[]): Eviction[] => {
  const history = new CacheHistory();
  const intervals = snapshots.map((uses, i) => history.advance(cacheSnapshot(uses, i + 1)));
  return evictionsOf(intervals.at(-1)!.evictions);
};

const text = (eviction: Eviction) => evictionText(eviction, bytes(4096));

describe('who evicts whom', () => {
  it('is whom the kernel made room for, and what of it was read again', () => {
    const evictions = after(
      {
        'rsync[77] /backup': { accesses: 524288, filled: 524288, misses: 524288 },
        'kswapd0[40] /var/lib/mysql/ibdata1': { evicted: 207872, reclaimed: 207872 },
      },
      {
        'rsync[77] /backup': { accesses: 524288, filled: 524288, misses: 524288 },
        'kswapd0[40] /var/lib/mysql/ibdata1': { evicted: 207872, reclaimed: 207872 },
        'mysqld[9] /var/lib/mysql/ibdata1': { accesses: 10240, misses: 10240, refaulted: 10240 },
      },
    );
    expect(evictions.map(text)).toEqual([
      'rsync[77] filled 2.00 GiB while 812 MiB of /var/lib/mysql/ibdata1 were evicted; 40.0 MiB of it were read again within 2.0s',
    ]);
  });

  it('is shared out to all who added pages, by how many each added', () => {
    const evictions = after({
      'cp[1] /a': { filled: 300 },
      'dd[2] /b': { writes: 100, writeMisses: 100 },
      'cat[3] /c': { accesses: 900 },
      'kswapd0[40] /old': { evicted: 80, reclaimed: 80 },
    });
    expect(evictions).toMatchObject([
      { by: { pid: 1 }, evicted: 60, added: 300 },
      { by: { pid: 2 }, evicted: 20, added: 100 },
    ]);
  });

  it('is the process itself where it reclaimed for itself', () => {
    const [eviction] = after({
      'cp[1] /a': { filled: 512 },
      'cp[1] /old': { evicted: 256, reclaimed: 256 },
      'dd[2] /b': { filled: 9999 },
    });
    expect(eviction).toMatchObject({ by: { pid: 1 }, evicted: 256, direct: 256 });
    expect(text(eviction!)).toBe(
      'cp[1] filled 2.00 MiB while 1.00 MiB of /old were evicted (1.00 MiB by itself)',
    );
    const [hungry] = after({ 'java[1] /old': { evicted: 256, reclaimed: 256 } });
    expect(text(hungry!)).toBe('java[1] needed memory and evicted 1.00 MiB of /old for it');
  });

  it('is nobody where nobody added pages', () => {
    const [eviction] = after({ 'kswapd0[40] /old': { evicted: 256, reclaimed: 256 } });
    expect(eviction).toMatchObject({ by: null, evicted: 256 });
    expect(text(eviction!)).toBe(
      '1.00 MiB of /old were evicted while nobody added pages to the cache: other memory took their place',
    );
  });

  it('tells a stream that evicts itself from one that evicts others, and has those first', () => {
    const evictions = after({
      'cat[1] /stream': { filled: 9000 },
      'cat[1] /other': { evicted: 256, reclaimed: 256 },
      'kswapd0[40] /stream': { evicted: 4096, reclaimed: 4096 },
    });
    expect(evictions).toMatchObject([
      { file: { path: '/other' }, isOwn: false },
      { file: { path: '/stream' }, isOwn: true },
    ]);
    expect(text(evictions[1]!)).toBe(
      'cat[1] filled 35.2 MiB while 16.0 MiB of /stream, which it filled itself, were evicted',
    );
  });

  it('cannot tell what came back of what was evicted where pages were dropped otherwise, too', () => {
    const [eviction] = after({
      'cat[1] /a': { accesses: 9, misses: 9, refaulted: 9 },
      'dd[2] /a': { evicted: 5 },
      'kswapd0[40] /a': { evicted: 50, reclaimed: 50 },
    });
    expect(eviction).toMatchObject({ evicted: 50, cameBack: 9, exact: false });
  });

  it('has nothing of what was deleted or dropped by request', () => {
    expect(after({ 'rm[1] /a': { evicted: 500 }, 'cp[2] /b': { filled: 500 } })).toEqual([]);
  });

  it('forgets what is longer ago than the window, and then says that it cannot tell what came back', () => {
    const evicted = {
      'kswapd0[40] /a': { evicted: 100, reclaimed: 100 },
      'cp[1] /b': { filled: 9 },
    };
    expect(after(evicted, evicted, evicted, evicted, evicted)).toHaveLength(1);
    const quiet: Uses[] = Array.from({ length: 8 }, () => evicted);
    expect(after(...quiet)).toEqual([]);
    const [eviction] = after(...quiet, {
      'kswapd0[40] /a': { evicted: 110, reclaimed: 110 },
      'cp[1] /b': { filled: 19 },
      'cat[2] /a': { accesses: 4, misses: 4, refaulted: 4 },
    });
    expect(eviction).toMatchObject({ evicted: 10, cameBack: 4, exact: false });
    expect(text(eviction!)).toMatch(/; at most 16\.0 KiB of it were read again/);
  });
});

it('all that reclaim took is laid to somebody, in whole pages', () => {
  const taken = fc.dictionary(fc.constantFrom('/a', '/b', '/c'), fc.nat(1000));
  const added = fc.dictionary(fc.constantFrom('1', '2', '3', '4'), fc.nat(1000));
  fc.assert(
    fc.property(taken, added, fc.nat(50), (pages, adders, direct) => {
      const uses: Uses = {
        'hog[9] /a': { evicted: direct, reclaimed: direct },
        ...Object.fromEntries(
          Object.entries(pages).map(([file, n]) => [
            `kswapd0[40] ${file}`,
            { evicted: n, reclaimed: n },
          ]),
        ),
        ...Object.fromEntries(
          Object.entries(adders).map(([pid, n]) => [`p[${pid}] /new`, { filled: n }]),
        ),
      };
      const evictions = after(uses);
      const total = Object.values(pages).reduce((sum, n) => sum + n, direct);
      expect(evictions.reduce((sum, { evicted }) => sum + evicted, 0)).toBe(total);
      for (const { evicted } of evictions) expect(Number.isInteger(evicted)).toBe(true);
    }),
  );
});
