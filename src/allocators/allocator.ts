import type { Runtime } from './runtimes/runtime.ts';

/**
 * How a function takes its arguments and gives its result; each shape has one set of programs in bpf/.
 * `size`: (size) · `count-size`: (count, size) · `realloc`: (old, size) · `realloc-array`: (old, count, size) ·
 * `aligned`: (alignment, size) · `size-aligned`: (size, alignment…) same as size · `out-aligned`: (void **out, alignment, size)
 * · `free`: (block) · `map`: (address, length, protection, flags, …) · `unmap`: (address, length) ·
 * `remap`: (old, old length, new length, …) · `owner-size`: (size), allocates by calling another that is
 * probed too, and may throw: only its entry is probed · `size-throwing`: (size), may throw and calls no other: its return is
 * probed only where it cannot fail · `libraries`: called by the dynamic linker after it mapped or unmapped objects
 */
export type Shape =
  | 'size'
  | 'count-size'
  | 'realloc'
  | 'realloc-array'
  | 'aligned'
  | 'out-aligned'
  | 'free'
  | 'map'
  | 'unmap'
  | 'remap'
  | 'owner-size'
  | 'size-throwing'
  | 'libraries';

/** How many arguments, from the first on, the programs of a shape read: the registers that an entry probe must find untouched. */
export const argumentCounts: Readonly<Record<Shape, number>> = {
  'size': 1,
  'count-size': 2,
  'realloc': 2,
  'realloc-array': 3,
  'aligned': 2,
  'out-aligned': 3,
  'free': 1,
  'map': 4,
  'unmap': 2,
  'remap': 4,
  'owner-size': 1,
  'size-throwing': 1,
  'libraries': 0,
};

export interface AllocatorFunction {
  readonly symbol: string;
  readonly shape: Shape;
}

/** An allocator is a table: what its library is called and what its functions look like. */
export interface Allocator {
  readonly name: string;
  /** Soname or file name of the shared library that is this allocator. */
  readonly library?: RegExp;
  /** Functions by which it is told where it is linked into an executable and its malloc has no other name. */
  readonly marks: readonly string[];
  /** Aliases after the name to be shown: of the functions at one address the first row counts. */
  readonly functions: readonly AllocatorFunction[];
}

/** One row of a probe plan: everything that is needed to attach one function, and why. */
export interface PlanRow {
  /** The object as the target sees it. */
  readonly path: string;
  /** How memtrace opens it: /proc/PID/root/…, /proc/PID/map_files/…; kept open as `fd` while the session runs. */
  readonly openedAs: string;
  readonly fd: number;
  readonly allocator: string;
  readonly symbol: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly delta: number;
  readonly instruction: string;
  readonly emulated: boolean;
  readonly why: string;
}

export interface ProbePlan {
  /** 0 for a command that has not started. */
  readonly pid: number;
  readonly rows: readonly PlanRow[];
  /** What was looked at and not used, each with its reason, in words. */
  readonly passedOver: readonly { readonly path: string; readonly reason: string }[];
  /** Identities of all objects looked at, used or not: to be given to the next plan as known. */
  readonly objects: readonly string[];
  /** Language runtimes that keep a heap of their own. */
  readonly runtimes: readonly Runtime[];
}
