import path from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { type CacheTotal, CacheTracer } from '../support/cache-tracer.ts';
import { fileSystem, hasFileSystem } from '../support/file-system.ts';
import { canTrace } from '../support/memtrace.ts';
import { type Played, playPattern } from '../support/pages.ts';
import { modesHere } from './modes.ts';
import { rowOf } from './rows.ts';

const modes = await modesHere();
const byTracepoints = modes.filter((mode) => mode.includes('tracepoint'));
const byFunctions = modes.filter((mode) => !mode.includes('tracepoint'));
const runs = canTrace() && hasFileSystem('tmpfs');

for (const mode of byTracepoints) {
  describe.skipIf(!runs)(`by ${mode}, the pages of a file on tmpfs`, () => {
    const played = new Map<string, Played>();
    let total: CacheTotal;

    beforeAll(async () => {
      const { folder } = fileSystem('tmpfs');
      const tracer = await CacheTracer.start('--mode', mode);
      for (const pattern of ['read-128k-warm', 'overwrite-4k-warm', 'map-warm', 'map-random-warm'])
        played.set(pattern, await playPattern(pattern, path.join(folder, pattern)));
      total = await tracer.stop();
    });

    const playedOf = (pattern: string): Played => {
      const found = played.get(pattern);
      if (found === undefined) throw new Error(`${pattern} was not played`);
      return found;
    };

    test('no tracepoint tells of reads and writes: the mode says so, and gives no figure', () => {
      expect(total.blindSpots.map(({ code }) => code)).toContain('tmpfs-reads');
      for (const pattern of ['read-128k-warm', 'overwrite-4k-warm']) {
        const row = rowOf(total, playedOf(pattern));
        expect(row?.accesses ?? null).toBeNull();
        expect(row?.writes ?? null).toBeNull();
      }
    });

    test.each(['map-warm', 'map-random-warm'])('%s: its page faults are counted', (pattern) => {
      const { truth } = playedOf(pattern);
      expect(truth.faults).toBeGreaterThan(0);
      expect(rowOf(total, playedOf(pattern))).toMatchObject({
        kind: 'memory',
        faults: truth.faults,
        misses: null,
        ratio: null,
      });
    });
  });
}

for (const mode of byFunctions) {
  describe.skipIf(!runs)(`by ${mode}, the pages of a file on tmpfs`, () => {
    const patterns = [
      'read-128k-warm',
      'read-unaligned-warm',
      'overwrite-4k-warm',
      'map-warm',
      'map-random-warm',
      'sendfile-warm',
      'splice-warm',
    ];
    const played = new Map<string, Played>();
    let total: CacheTotal;

    beforeAll(async () => {
      const { folder } = fileSystem('tmpfs');
      const tracer = await CacheTracer.start('--mode', mode);
      for (const pattern of patterns)
        played.set(pattern, await playPattern(pattern, path.join(folder, pattern)));
      total = await tracer.stop();
    });

    test.each(patterns)('%s: every page is counted, none as waited for', (pattern) => {
      const one = played.get(pattern);
      if (one === undefined) throw new Error(`${pattern} was not played`);
      expect(rowOf(total, one)).toMatchObject({
        kind: 'memory',
        accesses: one.truth.accesses,
        faults: one.truth.faults,
        writes: one.truth.writeAccesses,
        misses: null,
        ratio: null,
      });
    });
  });
}
