import path from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { type CacheCounts, type CacheTotal, CacheTracer } from '../support/cache-tracer.ts';
import {
  fileSystem,
  type FileSystemName,
  fileSystemNames,
  hasFileSystem,
} from '../support/file-system.ts';
import { canTrace } from '../support/memtrace.ts';
import { patternNames, type Played, playPattern } from '../support/pages.ts';
import { expectTruth, rowOf, takenByOthers } from './rows.ts';

type Column = keyof CacheCounts;

/** Patterns that are something else on a file system, and why. */
const others: Partial<Record<FileSystemName, readonly (readonly [RegExp, string])[]>> = {
  btrfs: [[/^direct-write$/, 'files with checksums are written through the cache']],
};

/** What a mode says that it cannot see on a file system: null in its reports. */
const unseen: Record<string, Partial<Record<FileSystemName, readonly Column[]>>> = {
  'btf-tracepoint': { btrfs: ['writes'] },
};

/** Which page a fault is for is not told when those around it are mapped: its accesses and misses are exact all the same. */
const vagueOf = (pattern: string): readonly Column[] =>
  /^map-(random|written)/.test(pattern) ? ['readAhead', 'hits'] : [];

const stored = fileSystemNames.filter((name) => name !== 'tmpfs');

for (const name of stored) {
  describe.skipIf(!canTrace() || !hasFileSystem(name))(`the pages of a file on ${name}`, () => {
    const patterns = patternNames().filter(
      (pattern) => !others[name]?.some(([like]) => like.test(pattern)),
    );
    const played = new Map<string, Played>();
    let total: CacheTotal;

    beforeAll(async () => {
      const { folder, beneath } = fileSystem(name);
      const tracer = await CacheTracer.start();
      for (const pattern of patterns) {
        const file = path.join(folder, pattern);
        played.set(pattern, await playPattern(pattern, file, beneath(pattern)));
      }
      total = await tracer.stop();
    });

    const playedOf = (pattern: string): Played => {
      const found = played.get(pattern);
      if (found === undefined) throw new Error(`${pattern} was not played`);
      return found;
    };

    test.each(patterns)('%s: every page as the kernel has it', (pattern) => {
      expectTruth(total, playedOf(pattern), {
        unseen: unseen[total.mode]?.[name] ?? [],
        vague: vagueOf(pattern),
      });
    });

    test.each(patterns)('%s: every page that came into the cache', (pattern) => {
      const { truth } = playedOf(pattern);
      const row = rowOf(total, playedOf(pattern));
      const inserted = (row?.filled ?? 0) + (row?.writeMisses ?? 0);
      // Memory reclaim may have taken some of them before they were counted.
      const taken = takenByOthers(total, playedOf(pattern));
      expect(inserted).toBeGreaterThanOrEqual(truth.inserted);
      expect(inserted - taken).toBeLessThanOrEqual(truth.inserted);
      // It had all been in the cache when it was made, but for what is appended.
      if (!/^append|^write-then/.test(pattern)) expect(row?.refaulted).toBe(inserted);
    });

    test.each(patterns.filter((pattern) => /^(read|parts)-\w+-cold$/.test(pattern)))(
      '%s: no hit but where a page is read again',
      (pattern) => {
        const row = rowOf(total, playedOf(pattern));
        const pages = row?.filled ?? 0;
        expect((row?.misses ?? 0) + (row?.readAhead ?? 0)).toBeLessThanOrEqual(pages);
        if (row?.accesses === pages) expect(row).toMatchObject({ hits: 0, ratio: 0 });
      },
    );

    test.each(['read-4k-cold', 'read-128k-cold', 'read-1m-cold', 'read-whole-cold', 'map-cold'])(
      '%s: the ratio is 0',
      (pattern) => expect(rowOf(total, playedOf(pattern))).toMatchObject({ hits: 0, ratio: 0 }),
    );

    test.each(patterns.filter((pattern) => /^(read|parts|map|random).*-warm$/.test(pattern)))(
      '%s: the ratio is 1',
      (pattern) =>
        expect(rowOf(total, playedOf(pattern))).toMatchObject({
          misses: 0,
          readAhead: 0,
          ratio: 1,
        }),
    );

    test('nothing was lost, and what cannot be seen is said', () => {
      expect(total.losses.filter(({ count }) => count > 0)).toEqual([]);
      if (total.mode !== 'btf-tracepoint') return;
      const spots = total.blindSpots.map(({ code }) => code);
      expect(spots).toEqual(expect.arrayContaining(['mapped-reads', 'mapped-around', 'writes']));
    });
  });
}

describe.skipIf(!canTrace() || !hasFileSystem('tmpfs'))('the pages of a file on tmpfs', () => {
  const played = new Map<string, Played>();
  let total: CacheTotal;

  beforeAll(async () => {
    const { folder } = fileSystem('tmpfs');
    const tracer = await CacheTracer.start('--mode', 'btf-tracepoint');
    for (const pattern of ['read-128k-warm', 'overwrite-4k-warm', 'map-warm', 'map-random-warm'])
      played.set(pattern, await playPattern(pattern, path.join(folder, pattern)));
    total = await tracer.stop();
  });

  test('no tracepoint tells of reads and writes: the mode says so, and gives no figure', () => {
    expect(total.blindSpots.map(({ code }) => code)).toContain('tmpfs-reads');
    for (const pattern of ['read-128k-warm', 'overwrite-4k-warm']) {
      const each = played.get(pattern);
      const row = each && rowOf(total, each);
      expect(row?.accesses ?? null).toBeNull();
      expect(row?.writes ?? null).toBeNull();
    }
  });

  test.each(['map-warm', 'map-random-warm'])('%s: its page faults are counted', (pattern) => {
    const each = played.get(pattern);
    expect(each && rowOf(total, each)).toMatchObject({
      kind: 'memory',
      faults: each?.truth.faults,
      accesses: null,
      ratio: null,
    });
  });
});
