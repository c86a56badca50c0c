import type { ProbePlan } from '../../allocators/allocator.ts';
import type { Bytes } from '../../domain/units.ts';

/** What is traced. `processes`: running ones, no duplicates · `command`: started by memtrace, attached before its first instruction. */
export type LeakTarget =
  | { readonly kind: 'processes'; readonly pids: readonly number[] }
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: 'kernel'; readonly percpu: boolean; readonly missingFreeWorkaround: boolean };

export type LinkKind = 'session' | 'multi' | 'perf-event';

/** Everything that decides what a leak session attaches and how much kernel memory it may take. */
export interface LeakSessionRequest {
  readonly target: LeakTarget;
  /** Only allocations of minSize ≤ size ≤ maxSize are followed; maxSize may be Infinity. */
  readonly minSize: Bytes;
  readonly maxSize: Bytes;
  /** Every n-th allocation is followed; 1 follows all. */
  readonly sampleRate: number;
  /** Bounds of the kernel's tables: blocks, and stacks (and so sites). */
  readonly maxBlocks: number;
  readonly stackStorageSize: number;
  /** Frames per stack. */
  readonly maxStackDepth: number;
  /** Whether forked children are followed. */
  readonly follow: boolean;
  readonly link: 'auto' | LinkKind;
  /** `--obj`: the only object whose allocator functions are probed, as a path or a file name; null: discovered. */
  readonly object: string | null;
  /** `--symbols-prefix`: put before each function's name, e.g. `je_`; '' for none. */
  readonly symbolsPrefix: string;
  /** Whether each allocation and free is also delivered as an event. */
  readonly trace: boolean;
}

/** What a session would attach and take, without attaching anything: `--dry-run`. */
export interface SessionPlan {
  /** One per process; empty in kernel mode. */
  readonly plans: readonly ProbePlan[];
  /** Kernel mode: `category:name` of each tracepoint. */
  readonly tracepoints: readonly string[];
  readonly link: LinkKind | 'tracepoint';
  /** Why that link: one short phrase. */
  readonly linkWhy: string;
  /** The most the kernel's tables can grow to. */
  readonly kernelMemory: Bytes;
}
