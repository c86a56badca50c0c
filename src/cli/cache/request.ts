import type { CacheFormatName, CacheShown } from '../../formats/cache/format.ts';
import type { CacheSessionRequest } from '../../sources/live/cache-request.ts';
import type { Schedule } from '../schedule.ts';

/** What a report is confined to, as it was typed. */
export interface CacheConfinement {
  readonly pids: readonly number[];
  readonly files: readonly string[];
  readonly cgroup: string | null;
}

/** What `memtrace cache` was asked for; pure: no path is looked up yet. */
export interface CacheRequest {
  readonly shown: Omit<CacheShown, 'users'>;
  readonly only: CacheConfinement;
  readonly session: CacheSessionRequest;
  readonly schedule: Schedule;
  readonly format: CacheFormatName;
  readonly plain: boolean;
  readonly strict: boolean;
  /** Print what the figures mean, and end. */
  readonly explain: boolean;
}
