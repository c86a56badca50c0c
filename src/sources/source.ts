import type { CacheSnapshot } from '../domain/cache-snapshot.ts';
import type { LeakSnapshot } from '../domain/leak-snapshot.ts';
import type { Stack } from '../domain/stack.ts';
import type { TriageSnapshot } from '../domain/triage/snapshot.ts';

/** One allocation or free as it happened, for `--trace`. */
export interface TraceEvent {
  /** Milliseconds since the session began. */
  readonly at: number;
  readonly pid: number;
  readonly tid: number;
  readonly command: string;
  readonly what: 'alloc' | 'free' | 'map' | 'unmap';
  readonly address: bigint;
  /** 0 for a free of a block that was not known. */
  readonly size: number;
  readonly stack: Stack | null;
}

/** Whatever gives leak snapshots: a live session, a recording, or a synthetic one. Pull only. */
export interface LeakSource {
  /** Reads the counters; `blocks` also every outstanding block. Errors: Failure. */
  snapshot(options?: { readonly blocks?: boolean }): Promise<LeakSnapshot>;
  /** The same stack with source lines and inlined frames where debug information is at hand. */
  withLines(stack: Stack): Promise<Stack>;
  /** Waits for the next events of `--trace`, at most `timeoutMs`; an empty array on a time-out. */
  trace(timeoutMs: number): Promise<readonly TraceEvent[]>;
  /** Resolves when every target has exited; never rejects. */
  readonly ended: Promise<void>;
  /** Detaches every probe, then reads the last snapshot; `blocks` as above. Idempotent: the first call decides. */
  close(options?: { readonly blocks?: boolean }): Promise<LeakSnapshot>;
  /** After the last report: closes the files that names and lines were read from. */
  release(): void;
}

/** Whatever gives page-cache snapshots. Pull only. */
export interface CacheSource {
  /** Reads the counters and names the files. Errors: Failure. */
  snapshot(): Promise<CacheSnapshot>;
  /** Detaches every probe, then reads the last snapshot. Idempotent. */
  close(): Promise<CacheSnapshot>;
}

/** Whatever gives snapshots of a machine's memory as /proc and /sys tell of it. Pull only. */
export interface TriageSource {
  /** Reads everything once. What cannot be read is named in the snapshot. Errors: Failure where a process of --pid is gone. */
  snapshot(): Promise<TriageSnapshot>;
  /** Reads a last time and closes all files. Idempotent. */
  close(): Promise<TriageSnapshot>;
}
