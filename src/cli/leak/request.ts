import type { Milliseconds } from '../../domain/units.ts';
import type { LeakSessionRequest, LeakTarget } from '../../sources/live/request.ts';
import type { Schedule } from '../schedule.ts';
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
  readonly schedule: Schedule;
  readonly format: (typeof outputFormats)[number];
  readonly plain: boolean;
  readonly strict: boolean;
  readonly dryRun: boolean;
}
