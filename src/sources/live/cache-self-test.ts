import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdtemp, open, realpath, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { noFilter } from '../../domain/cache-filter.ts';
import { CacheHistory } from '../../domain/cache-interval.ts';
import { cacheReport } from '../../domain/cache-report.ts';
import type { CacheModeName } from '../../domain/cache-snapshot.ts';
import type { CacheTotals } from '../../domain/page-counts.ts';
import { deviceText } from '../../system/device.ts';
import type { CacheSource } from '../source.ts';
import { openCacheSession } from './cache-session.ts';

/** One step of a workload that is known in advance, and what was measured of it. */
export interface SelfTestStep {
  readonly name: 'cold read' | 'warm read' | 'both in one';
  readonly expected: { readonly accesses: number; readonly hits: number };
  readonly measured: CacheTotals;
}

/** The steps, or why they could not be done here. */
export type SelfTest =
  | { readonly steps: readonly SelfTestStep[]; readonly mode: CacheModeName }
  | { readonly cannot: string };

const fileSize = 8 * 2 ** 20;
const readSize = 128 * 1024;
const maxRows = 65_536;
/** Reclaim, or somebody who drops caches, may come between. */
const mostAttempts = 3;

/** Reads a file of our own cold, warm and one after the other while a session watches. Errors: Failure. */
export async function cacheSelfTest(mode: CacheModeName | 'auto'): Promise<SelfTest> {
  const directory = await directoryOnStorage();
  if (directory === null)
    return {
      cannot: 'all directories for temporary files are in memory: set TMPDIR to one on a disk',
    };
  const folder = await mkdtemp(path.join(directory, 'memtrace-self-test-'));
  try {
    const file = path.join(await realpath(folder), 'file');
    await writeFile(file);
    const source = await openCacheSession({ mode, maxRows });
    try {
      return await measure(file, source);
    } catch (error) {
      if (error instanceof CannotEvict) return { cannot: error.message };
      throw error;
    } finally {
      await source.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const isRight = ({ expected, measured }: SelfTestStep): boolean =>
  measured.accesses === expected.accesses && measured.hits === expected.hits;

async function measure(file: string, source: CacheSource): Promise<SelfTest> {
  const history = new CacheHistory();
  const { dev, ino } = await stat(file, { bigint: true });
  const filter = {
    ...noFilter,
    pids: [process.pid],
    files: [{ path: file, isDirectory: false, device: deviceText(dev), inode: ino }],
  };
  const { mode, pageSize } = await source.snapshot();
  const pages = fileSize / pageSize;
  const steps: SelfTestStep[] = [];
  for (const { name, isCold, reads, hits } of workload) {
    const expected = { accesses: pages * reads, hits: pages * hits };
    for (let attempt = 1; ; attempt++) {
      if (isCold) await evict(file);
      history.advance(await source.snapshot());
      for (let n = 0; n < reads; n++) readWhole(file);
      const interval = history.advance(await source.snapshot());
      const { system } = cacheReport(interval, { view: 'file', filter });
      const step: SelfTestStep = { name, expected, measured: system };
      if (!isRight(step) && attempt < mostAttempts) continue;
      steps.push(step);
      break;
    }
  }
  return { steps, mode };
}

/** In this order: the second step finds what the first one left. `hits`: reads that find the file whole. */
const workload = [
  { name: 'cold read', isCold: true, reads: 1, hits: 0 },
  { name: 'warm read', isCold: false, reads: 1, hits: 1 },
  { name: 'both in one', isCold: true, reads: 2, hits: 1 },
] as const;

class CannotEvict extends Error {}

/** Takes the file out of the cache. GNU dd gives the advice that Node cannot. */
async function evict(file: string): Promise<void> {
  try {
    await promisify(execFile)('dd', [`if=${file}`, 'of=/dev/null', 'iflag=nocache', 'count=0']);
  } catch {
    throw new CannotEvict(
      'there is no dd of GNU coreutils here, which takes a file out of the cache',
    );
  }
}

function readWhole(file: string): void {
  const chunk = Buffer.alloc(readSize);
  const fd = openSync(file, 'r');
  try {
    // Not up to the end of the file: a read there would be one of no page.
    for (let at = 0; at < fileSize; at += readSize) readSync(fd, chunk, 0, readSize, at);
  } finally {
    closeSync(fd);
  }
}

async function writeFile(file: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    const chunk = Buffer.alloc(2 ** 20, 'memtrace');
    for (let at = 0; at < fileSize; at += chunk.length)
      await handle.write(chunk, 0, chunk.length, at);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Magic numbers of statfs(2): tmpfs and ramfs. */
const inMemory = new Set([0x0102_1994, 0x8584_58f6]);

async function directoryOnStorage(): Promise<string | null> {
  for (const directory of [tmpdir(), '/var/tmp', process.cwd()]) {
    const facts = await statfs(directory).catch(() => null);
    if (facts !== null && !inMemory.has(facts.type)) return directory;
  }
  return null;
}
