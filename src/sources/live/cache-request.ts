import type { CacheModeName } from '../../domain/cache-snapshot.ts';

/** Everything that decides what a cache session attaches and how much kernel memory it may take. */
export interface CacheSessionRequest {
  readonly mode: 'auto' | CacheModeName;
  /** Bound of the kernel's tables: combinations of process, file, cgroup and CPU that are counted apart. */
  readonly maxRows: number;
}
