import type { Rule } from '../rule.ts';
import { allocatorRetention } from './allocator-retention.ts';
import { cacheGrowth } from './cache-growth.ts';
import { cacheThrash } from './cache-thrash.ts';
import { cachesDropped } from './caches-dropped.ts';
import { cgroupLimit } from './cgroup-limit.ts';
import { commitLimit } from './commit-limit.ts';
import { dirtyThrottling } from './dirty-throttling.ts';
import { fragmentation } from './fragmentation.ts';
import { hugePagesUnused } from './huge-pages-unused.ts';
import { oomImminent } from './oom-imminent.ts';
import { oomRecent } from './oom-recent.ts';
import { processGrowth } from './process-growth.ts';
import { processLeak } from './process-leak.ts';
import { reclaimStall } from './reclaim-stall.ts';
import { shmemGrowth } from './shmem-growth.ts';
import { slabGrowth } from './slab-growth.ts';
import { swapNuma } from './swap-numa.ts';
import { swapPressure } from './swap-pressure.ts';
import { swapQuiet } from './swap-quiet.ts';
import { swapSwappiness } from './swap-swappiness.ts';
import { unaccountedMemory } from './unaccounted-memory.ts';

/** Everything that is looked for, in the order in which equals are shown. */
export const rules: readonly Rule[] = [
  oomRecent,
  oomImminent,
  cgroupLimit,
  processLeak,
  swapPressure,
  swapNuma,
  swapSwappiness,
  cacheThrash,
  reclaimStall,
  dirtyThrottling,
  shmemGrowth,
  slabGrowth,
  commitLimit,
  fragmentation,
  allocatorRetention,
  hugePagesUnused,
  unaccountedMemory,
  cachesDropped,
  processGrowth,
  swapQuiet,
  cacheGrowth,
];
