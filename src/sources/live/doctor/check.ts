import type { Failure } from '../../../errors/failure.ts';
import type { KernelFacts } from '../../../system/kernel-facts.ts';
import type { UprobeLink } from '../../../native/bpf.ts';

/**
 * What a check found. `ready`: as it is wanted · `lacking`: leak works without it, more slowly or more narrowly · `broken`: leak cannot
 * run, or a figure is wrong, and the failure says why.
 */
export type Finding =
  | { readonly state: 'ready' | 'lacking'; readonly found: string; readonly remedy?: string }
  | { readonly state: 'lacking' | 'broken'; readonly failure: Failure };

/** What checks are given; each is tried on its own. */
export interface Circumstances {
  readonly kernel: KernelFacts;
  /** The links that the kernel takes, best first; one trial for all checks. */
  readonly links: () => Promise<LinkTrials>;
}

export type LinkTrials = Readonly<Record<UprobeLink, LinkTrial>>;

/** Cost of a hit in nanoseconds, or what was thrown instead. */
export type LinkTrial =
  | { readonly entryNs: number; readonly steppedNs: number }
  | { readonly error: unknown };

/** One thing that is looked at; the registry has them in the order of the table. */
export interface HostCheck {
  readonly name: string;
  readonly look: (circumstances: Circumstances) => Promise<Finding>;
}

/** One thing about one process. */
export interface TargetCheck {
  readonly name: string;
  readonly look: (pid: number) => Promise<Finding>;
}
