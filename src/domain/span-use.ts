import type { CachedFile, CacheProcess, PageCounts } from './cache-snapshot.ts';

/** A control group, by the path below the cgroup mount. */
export interface CacheCgroup {
  readonly id: string;
  readonly path: string;
}

/** What one process did with one file in one cgroup, in one span of time. */
export interface SpanUse {
  readonly process: CacheProcess;
  readonly file: CachedFile;
  readonly cgroup: CacheCgroup;
  readonly counts: PageCounts;
}
