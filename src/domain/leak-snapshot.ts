import type { Loss } from './losses.ts';
import type { Stack } from './stack.ts';
import type { Bytes, Milliseconds } from './units.ts';

/** What was allocated: a block of the heap, a mapping, or (kernel mode) slab, pages and per-CPU memory. */
export type AllocationKind = 'heap' | 'slab' | 'pages' | 'percpu';

/** One executable image in one process: a new one begins with each exec. */
export interface Image {
  readonly id: number;
  readonly pid: number;
  readonly command: string;
  /** The image it was forked from, or 0. */
  readonly parent: number;
  readonly state: 'running' | 'exited' | 'replaced-by-exec';
  /** How long it ran before its probes were in place; 0 where nothing can have been missed. */
  readonly blindMs: Milliseconds;
}

/** Counters of one call stack in one image, since the session began. */
export interface Site {
  readonly stackId: string;
  readonly image: number;
  readonly kind: AllocationKind;
  readonly allocatedBytes: Bytes;
  readonly allocatedBlocks: number;
  readonly freedBytes: Bytes;
  readonly freedBlocks: number;
  /** When its first and its latest block were born, since the session began. */
  readonly firstAt: Milliseconds;
  readonly latestAt: Milliseconds;
  /** Freed blocks by lifetime: bucket i holds [2^i, 2^(i+1)) microseconds; bucket 0 also anything shorter. */
  readonly lifetimes: readonly number[];
}

/** One outstanding block; columns, because there are millions. */
export interface Blocks {
  readonly length: number;
  readonly address: BigUint64Array;
  readonly size: Float64Array;
  /** Birth, milliseconds since the session began. */
  readonly bornAt: Float64Array;
  /** Index into `sites` of the same snapshot, or -1. */
  readonly site: Int32Array;
}

/** A mapping that the target made itself (not inside an allocator call) and that is still there. */
export interface Mapping {
  readonly image: number;
  readonly stackId: string;
  readonly address: bigint;
  readonly size: Bytes;
  readonly bornAt: Milliseconds;
  readonly use: 'anonymous' | 'file' | 'thread-stack' | 'reserved';
}

/** One attached probe and what it has seen. */
export interface ProbeActivity {
  readonly symbol: string;
  /** Call shape (src/allocators/allocator.ts), or the tracepoint's category. */
  readonly shape: string;
  /** Bytes past the function's entry. */
  readonly delta: number;
  readonly allocator: string;
  readonly path: string;
  readonly link: 'session' | 'multi' | 'perf-event' | 'tracepoint';
  readonly hits: number;
  /** Whether the kernel emulates the probed instruction or has to single-step it. */
  readonly emulated: boolean;
}

/** A narrower but right result: printed with the report. */
export interface Notice {
  readonly code: string;
  readonly text: string;
}

/** What a leak session holds at one instant. */
export interface LeakSnapshot {
  /** Wall clock, milliseconds since the epoch. */
  readonly takenAt: number;
  /** Since the session began. */
  readonly elapsed: Milliseconds;
  readonly mode: 'user' | 'kernel';
  readonly images: readonly Image[];
  readonly sites: readonly Site[];
  readonly stacks: ReadonlyMap<string, Stack>;
  readonly mappings: readonly Mapping[];
  /** Only where asked for. */
  readonly blocks?: Blocks;
  readonly losses: readonly Loss[];
  /** Frees of blocks that were allocated before the session began (or were lost at birth). */
  readonly unknownFrees: number;
  readonly probes: readonly ProbeActivity[];
  /** Calibrated cost of the tracing so far, nanoseconds of the target's time, or null where not measured. */
  readonly costNs: number | null;
  readonly kernelMemory: Bytes;
  readonly notices: readonly Notice[];
  /** Set in the last snapshot of a session. */
  readonly ended?: 'target-exited' | 'stopped';
}
