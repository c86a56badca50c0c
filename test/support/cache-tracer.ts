import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import type { CacheModeName } from '../../src/domain/cache-snapshot.ts';
import { LineQueue } from './line-queue.ts';
import { startMemtrace } from './memtrace.ts';

/** A column of the counters: null where the mode cannot see it. */
type Count = number | null;

/** The columns of one row of `memtrace cache --format json`. */
export interface CacheCounts {
  readonly accesses: Count;
  readonly faults: Count;
  readonly hits: Count;
  readonly misses: Count;
  readonly readAhead: Count;
  readonly writes: Count;
  readonly writeMisses: Count;
  readonly dirtied: Count;
  readonly filled: Count;
  readonly evicted: Count;
  readonly refaulted: Count;
  readonly direct: Count;
  readonly ratio: Count;
}

/** What one process did with one file in a session. */
export interface CacheUse extends CacheCounts {
  readonly pid: number;
  readonly command: string;
  readonly path: string;
  readonly hostPath: string | null;
  readonly inode: string;
  readonly kind: string;
  readonly fileSystem: string;
  readonly deleted: boolean;
  readonly links: number;
}

interface Mode {
  readonly mode: CacheModeName;
  readonly blindSpots: readonly { readonly code: string; readonly text: string }[];
}

/** Pages of a file that left while a process was adding others. */
export interface CacheEviction {
  readonly by: { readonly pid: number; readonly command: string } | null;
  readonly file: { readonly path: string };
  readonly evicted: number;
  readonly direct: number;
  readonly added: number;
  readonly isOwn: boolean;
  readonly cameBack: number;
  readonly text: string;
}

/** The last line of `memtrace cache --format json`: the session as a whole. */
export interface CacheTotal extends Mode {
  readonly pageSizeBytes: number;
  readonly system: CacheCounts;
  readonly evictions: readonly CacheEviction[];
  readonly uses: readonly CacheUse[];
  readonly losses: readonly { readonly reason: string; readonly count: number }[];
  readonly notices: readonly { readonly code: string; readonly text: string }[];
}

const isOf = (type: string) => (line: string) => line.startsWith(`{"v":1,"type":"${type}"`);

/** `memtrace cache --format json` that runs until it is stopped. */
export class CacheTracer {
  readonly pid: number;
  readonly meta: Mode;
  readonly #child: ChildProcess;
  readonly #lines: LineQueue;
  readonly #exited: Promise<number | null>;

  private constructor(
    child: ChildProcess,
    meta: Mode,
    lines: LineQueue,
    exited: Promise<number | null>,
  ) {
    this.pid = child.pid ?? 0;
    this.meta = meta;
    this.#child = child;
    this.#lines = lines;
    this.#exited = exited;
  }

  /** Starts it, and waits until it watches. */
  static async start(...args: readonly string[]): Promise<CacheTracer> {
    const child = startMemtrace(['cache', '--format', 'json', ...args]);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const lines = new LineQueue(child.stdout);
    const exited = once(child, 'close').then(([code]) => code);
    const meta = await lines.next(isOf('meta')).catch((error: unknown) => {
      throw new Error(`memtrace cache did not begin; it said:\n${said}`, { cause: error });
    });
    return new CacheTracer(child, JSON.parse(meta) as Mode, lines, exited);
  }

  /** The next report of an interval. */
  async sample(): Promise<Record<string, unknown>> {
    return JSON.parse(await this.#lines.next(isOf('sample'))) as Record<string, unknown>;
  }

  /** Ctrl-C: what the whole session saw. */
  async stop(): Promise<CacheTotal> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      throw new Error('memtrace cache ended before it was told to');
    this.#child.kill('SIGINT');
    const total = JSON.parse(await this.#lines.next(isOf('total'))) as CacheTotal;
    const code = await this.#exited;
    if (code !== 0) throw new Error(`memtrace cache ended with ${code}`);
    return total;
  }
}
