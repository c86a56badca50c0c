import type { BlindSpot, CacheModeName, PageCounts } from '../domain/cache-snapshot.ts';
import type { Failure } from '../errors/failure.ts';
import type { AttachRequest, KernelTypes } from '../native/bpf.ts';

/** What one mode loads and attaches on this kernel. */
export interface CacheProbePlan {
  /** dist/bpf/OBJECT.bpf.o where this kernel needs another one than the probe's. */
  readonly object?: string;
  /** These programs of the object are loaded, and `own`; all others are left out. */
  readonly attach: readonly AttachRequest[];
  /** Programs that are loaded for user space to run. */
  readonly own: readonly string[];
  /** Functions that fentry and fexit programs are set on before loading, where that differs from the object's own. */
  readonly targets: readonly { readonly program: string; readonly function: string }[];
  readonly constants: Readonly<Record<string, number>>;
  readonly blindSpots: readonly BlindSpot[];
  /** Columns that cannot be seen for files of a type of file system. */
  readonly unseen: (fileSystem: string) => readonly (keyof PageCounts)[];
}

/** Why a mode cannot be tried; `failure` where that is not for the kernel to mend. */
export interface Lack {
  readonly lacks: string;
  readonly failure?: Failure;
}

/** A way to observe the page cache: one row of the registry. */
export interface CacheProbe {
  readonly mode: CacheModeName;
  /** dist/bpf/OBJECT.bpf.o: all of them keep the tables of bpf/lib/cache.bpf.h. */
  readonly object: string;
  /** What to attach on this kernel, or what it lacks. */
  readonly plan: (kernel: KernelTypes) => CacheProbePlan | Lack;
}
