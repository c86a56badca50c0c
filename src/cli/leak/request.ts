import type { Milliseconds } from '../../domain/units.ts';
import type { LeakSessionRequest, LeakTarget } from '../../sources/live/request.ts';
import type { outputFormats, sortKeys } from './options.ts';

/** What `memtrace leak` was asked for; pure: a name is not looked up yet. */
export interface LeakRequest {
  readonly target: LeakTarget | { readonly kind: 'name'; readonly name: string };
  readonly session: Omit<LeakSessionRequest, 'target'>;
  readonly report: {
    readonly top: number;
    readonly sort: (typeof sortKeys)[number];
    readonly olderThan: Milliseconds;
    readonly showBlocks: boolean;
    readonly combinedOnly: boolean;
  };
  readonly schedule: {
    /** Null: the default of the output that is chosen. */
    readonly interval: Milliseconds | null;
    /** Reports until the run ends; Infinity. */
    readonly count: number;
    /** Infinity: until the target or the user ends it. */
    readonly duration: Milliseconds;
  };
  readonly format: (typeof outputFormats)[number];
  readonly plain: boolean;
  readonly strict: boolean;
  readonly dryRun: boolean;
}
