import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { type CacheTotal, CacheTracer } from '../support/cache-tracer.ts';
import { fileSystem, hasFileSystem } from '../support/file-system.ts';
import { LineQueue } from '../support/line-queue.ts';
import { canTrace } from '../support/memtrace.ts';
import { type Played, playPattern, preparePattern, programOf } from '../support/pages.ts';
import { vagueColumns } from './modes.ts';
import { expectTruth, seenRowOf } from './rows.ts';

const patterns = [
  'read-4k-cold',
  'read-128k-warm',
  'random-4k-cold-advised',
  'random-16k-half',
  'overwrite-4k-cold',
  'append-1000',
  'map-cold',
  'sendfile-cold',
] as const;

const expectAll = (total: CacheTotal, all: readonly Played[]): void => {
  for (const played of all)
    expectTruth(total, played, { vague: vagueColumns(total, played.truth.pattern) });
};

/** A shell that begets processes until it is told to stop; resolves when it has begun. */
async function noise(): Promise<{ readonly stop: () => Promise<number> }> {
  const loop = 'while ! read -t 0; do /bin/true; cat /etc/passwd >/dev/null; n=$((n+1)); done';
  const shell = spawn('bash', ['-c', `echo begun; n=0; ${loop}; echo $n`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = new LineQueue(shell.stdout);
  await lines.next((line) => line === 'begun');
  return {
    stop: async () => {
      const exited = once(shell, 'exit');
      shell.stdin.end('\n');
      const rounds = Number(await lines.next((line) => /^\d+$/.test(line)));
      await exited;
      return rounds;
    },
  };
}

/** Whether the mode tells who asked for a page that several wait for. */
const seesWaits = ({ blindSpots }: CacheTotal): boolean =>
  blindSpots.every(({ code }) => code !== 'shared-waits');

describe.skipIf(!canTrace() || !hasFileSystem('ext4'))('processes beside each other', () => {
  let folder: string;
  beforeAll(() => {
    folder = fileSystem('ext4').folder;
  });
  const fileOf = (name: string) => path.join(folder, name);

  test('at once on different files: each row is right, and none has anything of another', async () => {
    const tracer = await CacheTracer.start();
    const all = await Promise.all(
      patterns.map((pattern) => playPattern(pattern, fileOf(`at-once-${pattern}`))),
    );
    const total = await tracer.stop();
    expectAll(total, all);
    const inodes = new Set(all.map(({ inode }) => inode));
    for (const { pid, inode } of all) {
      const strange = total.uses.filter(
        (use) => use.pid === pid && use.inode !== inode && inodes.has(use.inode),
      );
      expect(strange).toEqual([]);
    }
  });

  test('processes that come and go beside it move none of its numbers', async () => {
    const tracer = await CacheTracer.start();
    const { stop } = await noise();
    const all: Played[] = [];
    for (const pattern of patterns)
      all.push(await playPattern(pattern, fileOf(`beside-noise-${pattern}`)));
    const rounds = await stop();
    const total = await tracer.stop();
    expect(rounds).toBeGreaterThan(0);
    expectAll(total, all);
    expect(total.losses.filter(({ count }) => count > 0)).toEqual([]);
  });

  test('threads that wait for the same pages at once: who asked for a page has missed it', async () => {
    const file = fileOf('threads');
    const [pages, threads] = [512, 4];
    writeFileSync(file, Buffer.alloc(pages * 4096, 1));
    const readers = buildTarget('readers.c', 'dynamic') ?? '';
    const { target, play } = await programOf([], [readers, file, String(threads)], file);
    const tracer = await CacheTracer.start();
    const played = await play();
    target.send('exit');
    const total = await tracer.stop();
    const row = seenRowOf(total, played);
    // Of the process: its threads have names of their own.
    expect(row.command).toBe('readers');
    expect(row.accesses).toBe(played.truth.accesses);
    expect(row.accesses).toBe(pages * threads);
    // More only where memory reclaim took some of them meanwhile.
    expect(row.filled).toBeGreaterThanOrEqual(pages);
    expect((row.misses ?? 0) + (row.readAhead ?? 0)).toBe(row.filled);
    if (seesWaits(total)) expect(row.misses).toBe(row.filled);
  });

  test('what was cached, half cached or not when the session began', async () => {
    const prepared = [];
    for (const pattern of patterns)
      prepared.push(await preparePattern(pattern, fileOf(`before-${pattern}`)));
    const tracer = await CacheTracer.start();
    const all: Played[] = [];
    for (const { play } of prepared) all.push(await play());
    // Their rows are read while they live.
    const total = await tracer.stop();
    for (const { target } of prepared) target.send('exit');
    expect(await Promise.all(prepared.map(({ target }) => target.exited))).toEqual(
      patterns.map(() => 0),
    );
    expectAll(total, all);
    // What left the cache before the session is not known to come back.
    for (const played of all) expect(seenRowOf(total, played).refaulted).toBe(0);
  });
});
