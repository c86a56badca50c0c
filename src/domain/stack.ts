/**
 * Why a stack has no further frames. `root`: the thread's first function was reached; `depth`: the frame limit was;
 * `broken`: the chain of frame pointers led nowhere; `lost`: the stack map was full and only the bytes were kept.
 */
export type StackEnd = 'root' | 'depth' | 'broken' | 'lost';

/** One frame of a call stack, innermost first in a stack, named as far as it could be. */
export interface Frame {
  /** Address in the process at the time, as the kernel gave it: a return address except for a stack's first kernel frame. */
  readonly address: bigint;
  /** Demangled function name without offset, or null where no symbol covers the address. */
  readonly symbol: string | null;
  /** Offset in bytes from the symbol, or from the module's start where there is no symbol. */
  readonly offset: number;
  /** File name of the mapped object (no directory), `kernel`, `jit`, or null outside of any mapping. */
  readonly module: string | null;
  /** Whole path of the mapped object as the target sees it. */
  readonly path?: string;
  /** Source position, where debug information is at hand and was asked for. */
  readonly file?: string;
  readonly line?: number;
  /** Its function keeps no frame pointer: the frame that called it may be missing behind it. */
  readonly mayHideCaller?: boolean;
  /** Inlined into the frame that follows: it has no address of its own. */
  readonly inlined?: boolean;
}

/** A call stack that allocated, and how it ended. */
export interface Stack {
  /** 16 hex digits: the hash that the kernel side gave the frames. */
  readonly id: string;
  readonly frames: readonly Frame[];
  readonly end: StackEnd;
}
