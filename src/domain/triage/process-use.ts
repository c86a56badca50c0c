import type { Bytes, Milliseconds } from '../units.ts';

/** A process at one instant. */
export interface ProcessUse {
  /** Unique also when the kernel gives a pid again. */
  readonly id: string;
  readonly pid: number;
  /** At most 15 bytes, as the kernel has it. */
  readonly command: string;
  /** When it began, since boot. */
  readonly began: Milliseconds;
  readonly virtual: Bytes;
  readonly resident: Bytes;
  /** Resident pages of files and of shared memory: part of `resident`. */
  readonly shared: Bytes;
  /** The rest of the resident pages: its own, of no file. */
  readonly anonymous: Bytes;
  /** null: not looked at yet. Fresh for the largest and the fastest growing; of others it may be some snapshots old. */
  readonly detail: ProcessDetail | null;
}

export interface ProcessDetail {
  /** When it was read, since the session began. */
  readonly at: Milliseconds;
  readonly uid: number;
  /** null: not told before Linux 4.5. */
  readonly anonymous: Bytes | null;
  readonly file: Bytes | null;
  readonly shmem: Bytes | null;
  readonly swap: Bytes | null;
  readonly threads: number;
  /** Since it began. */
  readonly minorFaults: number;
  readonly majorFaults: number;
  /** Per second since the details were read before; null the first time. */
  readonly minorFaultRate: number | null;
  readonly majorFaultRate: number | null;
  /** Who is killed first: from 0 to about 2000; null where it cannot be read. */
  readonly oomScore: number | null;
  readonly oomScoreAdj: number | null;
  /** Of the memory controller, below its mount; null where not known. */
  readonly cgroup: string | null;
  /** Proportional share of resident memory: of the top growers only, and only with the privilege to see it. */
  readonly proportional: Bytes | null;
}

export const segmentKinds = [
  'heap',
  'stacks',
  'anonymous',
  'files',
  'shared memory',
  'huge pages',
  'kernel',
] as const;
export type SegmentKind = (typeof segmentKinds)[number];

/** Mappings of one kind, added up. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly mappings: number;
  readonly virtual: Bytes;
  readonly resident: Bytes;
  readonly proportional: Bytes;
  /** Resident pages that are of no file: also the changed pages of private file mappings. */
  readonly anonymous: Bytes;
  readonly swap: Bytes;
}

/** What a process's memory is mapped for, of /proc/PID/smaps. */
export interface ProcessSegments {
  readonly pid: number;
  /** When it was read, since the session began: it takes the kernel a walk through all pages, and is not done every time. */
  readonly at: Milliseconds;
  /** All kinds, in the order of `segmentKinds`. */
  readonly segments: readonly Segment[];
  /** The largest mappings or files, by what they hold resident. */
  readonly largest: readonly MappingUse[];
  /** Heaps that malloc of glibc keeps for threads, beside the one of brk. */
  readonly arenas: { readonly count: number; readonly resident: Bytes };
}

/** Mappings of one name within one kind: a file, or the anonymous ones of one range. */
export interface MappingUse {
  readonly name: string;
  readonly kind: SegmentKind;
  readonly virtual: Bytes;
  readonly resident: Bytes;
  readonly anonymous: Bytes;
}
