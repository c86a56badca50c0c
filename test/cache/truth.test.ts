import path from 'node:path';

import { beforeAll, describe, expect, test, type TestContext } from 'vitest';

import { isLacking, skipForLack } from '../guest/guest.ts';
import { type CacheTotal, CacheTracer } from '../support/cache-tracer.ts';
import {
  type FileSystem,
  fileSystem,
  type FileSystemName,
  fileSystemNames,
  hasFileSystem,
} from '../support/file-system.ts';
import { canTrace } from '../support/memtrace.ts';
import { patternNames, type Played, playPattern } from '../support/pages.ts';
import { modesHere, unseenColumns, vagueColumns } from './modes.ts';
import { expectTruth, rowOf, seenRowOf, takenByOthers } from './rows.ts';

/** Patterns that are something else on a file system. */
const others: Partial<Record<FileSystemName, readonly RegExp[]>> = {
  // Files with checksums are written through the cache.
  btrfs: [/^direct-write$/],
};

/** MEMTRACE_PATTERNS: a regular expression, where all of them take too long. */
const chosen = new RegExp(process.env['MEMTRACE_PATTERNS'] ?? '');
const isChosen = (pattern: string): boolean => chosen.test(pattern);

/** A counted loss, where the kernel has programs interrupted: of what others do meanwhile, and of threads that read at once. */
const interrupted = 'recursion';
const uninterrupted = 'uninterrupted programs';
const readsAtOnce = /^threads-(cold|warm)$/;
/** Of a function that many threads are in at once, by kprobes. */
const manyReturns = 'returns of many threads';

const unseen = 'unseen-end';

const hasLost = ({ losses }: CacheTotal, what: string): boolean =>
  losses.some(({ reason, count }) => reason === what && count > 0);

const wasInterrupted = (total: CacheTotal): boolean =>
  isLacking(uninterrupted) && hasLost(total, interrupted);

function skipIfLost(total: CacheTotal, pattern: string, context: TestContext): void {
  if (!readsAtOnce.test(pattern)) return;
  if (wasInterrupted(total)) skipForLack(uninterrupted, context);
  if (isLacking(manyReturns) && total.mode === 'kprobe' && hasLost(total, unseen))
    skipForLack(manyReturns, context);
}

const knownLosses = ({ mode }: CacheTotal): readonly string[] => [
  ...(isLacking(uninterrupted) ? [interrupted, unseen] : []),
  ...(isLacking(manyReturns) && mode === 'kprobe' ? [unseen] : []),
];

/** Its tables are read at the end alone; beside what is traced, together.test.ts has them read. */
const wholeSession = '3600';

/** Of one pattern, and of all patterns on a file system. */
const mostReplays = 5;

const playIn = async (
  { folder, beneath }: FileSystem,
  pattern: string,
  file: string,
): Promise<Played> => await playPattern(pattern, path.join(folder, file), beneath(file));

const stored = fileSystemNames.filter((name) => name !== 'tmpfs');
const places = (await modesHere()).flatMap((mode) => stored.map((name) => ({ mode, name })));

for (const { mode, name } of places) {
  const runs = canTrace() && hasFileSystem(name);
  describe.skipIf(!runs)(`by ${mode}, the pages of a file on ${name}`, () => {
    const patterns = patternNames()
      .filter(isChosen)
      .filter((pattern) => !others[name]?.some((like) => like.test(pattern)));
    const played = new Map<string, Played>();
    let total: CacheTotal;

    let place: FileSystem;
    let replays = 0;

    beforeAll(async () => {
      place = fileSystem(name);
      const tracer = await CacheTracer.start('--mode', mode, wholeSession);
      for (const pattern of patterns) played.set(pattern, await playIn(place, pattern, pattern));
      total = await tracer.stop();
    });

    /**
     * Runs `check` on the session's report. Where it fails and pages of the file were reclaimed meanwhile, maybe between a look
     * and the read it was for, or the report tells of programs that were interrupted, the pattern is played again, beside a
     * session of its own: it is to hold undisturbed.
     */
    async function undisturbed(
      pattern: string,
      check: (of: CacheTotal, as: Played) => void,
    ): Promise<void> {
      let of = total;
      let as = playedOf(pattern);
      for (let again = 1; ; again++) {
        try {
          check(of, as);
          return;
        } catch (error) {
          const wasReclaimed = takenByOthers(of, as) > 0;
          if (again > mostReplays || !(wasReclaimed || wasInterrupted(of))) throw error;
          if (wasReclaimed) replays++;
        }
        const tracer = await CacheTracer.start('--mode', mode, wholeSession);
        as = await playIn(place, pattern, `${pattern}-${again}`);
        of = await tracer.stop();
      }
    }

    const playedOf = (pattern: string): Played => {
      const found = played.get(pattern);
      if (found === undefined) throw new Error(`${pattern} was not played`);
      return found;
    };

    test.for(patterns)('%s: every page as the kernel has it', async (pattern, context) => {
      skipIfLost(total, pattern, context);
      await undisturbed(pattern, (of, as) => {
        expectTruth(of, as, { unseen: unseenColumns(of, name), vague: vagueColumns(of, pattern) });
      });
    });

    test.for(patterns)('%s: every page that came into the cache', async (pattern, context) => {
      skipIfLost(total, pattern, context);
      await undisturbed(pattern, (of, as) => {
        const { truth } = as;
        const row = truth.inserted > 0 ? seenRowOf(of, as) : rowOf(of, as);
        const inserted = (row?.filled ?? 0) + (row?.writeMisses ?? 0);
        // Memory reclaim may have taken some of them before they were counted.
        const taken = takenByOthers(of, as);
        expect(inserted).toBeGreaterThanOrEqual(truth.inserted);
        expect(inserted - taken).toBeLessThanOrEqual(truth.inserted);
        // It had all been in the cache when it was made, but for what is appended.
        if (!/^append|^write-then/.test(pattern))
          expect(row?.refaulted ?? 0).toBe(inserted - truth.behind);
      });
    });

    const sequential = ['read-4k-cold', 'read-128k-cold', 'read-1m-cold', 'parts-cold'];
    test.each([...sequential, 'read-whole-cold'].filter(isChosen))(
      '%s: the ratio is 0',
      (pattern) => {
        const row = seenRowOf(total, playedOf(pattern));
        expect(row).toMatchObject({ hits: 0, ratio: 0 });
        expect((row.misses ?? 0) + (row.readAhead ?? 0)).toBe(row.accesses);
      },
    );

    const warm = patterns.filter((pattern) =>
      /^(read|parts|map|random|splice).*-warm$/.test(pattern),
    );
    test.each(warm)('%s: the ratio is 1', async (pattern) => {
      await undisturbed(pattern, (of, as) => {
        expect(seenRowOf(of, as)).toMatchObject({ misses: 0, readAhead: 0, ratio: 1 });
      });
    });

    // What is wrong now and then would be played again and again.
    test('next to nothing had to be played again', () => {
      expect(replays).toBeLessThanOrEqual(mostReplays);
    });

    test('nothing was lost, and what cannot be seen is said', () => {
      expect(total.mode).toBe(mode);
      const lost = total.losses.filter(({ count }) => count > 0).map(({ reason }) => reason);
      expect(lost.filter((reason) => !knownLosses(total).includes(reason))).toEqual([]);
      const spots = total.blindSpots.map(({ code }) => code);
      if (unseenColumns(total, name).includes('writes')) expect(spots).toContain('writes');
    });
  });
}
