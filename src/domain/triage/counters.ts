/**
 * Counters of /proc/vmstat by what they count, and the lines that make each: the first alternative of which the kernel has any line
 * counts, its lines added up (some kernels count by zone). Pages, unless said otherwise.
 */
export const counterLines = {
  /** Faults of all kinds, and those that waited for storage. */
  faults: [['pgfault']],
  majorFaults: [['pgmajfault']],
  /** KiB read from and written to block devices. */
  pagedIn: [['pgpgin']],
  pagedOut: [['pgpgout']],
  swappedIn: [['pswpin']],
  swappedOut: [['pswpout']],
  zswappedIn: [['zswpin']],
  zswappedOut: [['zswpout']],
  scannedByKswapd: [['pgscan_kswapd'], ['pgscan_kswapd_*']],
  reclaimedByKswapd: [['pgsteal_kswapd'], ['pgsteal_kswapd_*']],
  /** By tasks that needed memory and had to reclaim it themselves. */
  scannedDirectly: [['pgscan_direct'], ['pgscan_direct_*']],
  reclaimedDirectly: [['pgsteal_direct'], ['pgsteal_direct_*']],
  /** Times that a task entered direct reclaim. */
  allocationStalls: [['allocstall'], ['allocstall_*']],
  /** Times that free pages fell below the low watermark again right after kswapd had refilled them. */
  lowWatermarkHits: [['kswapd_low_wmark_hit_quickly']],
  refaultedFile: [['workingset_refault_file'], ['workingset_refault']],
  refaultedAnonymous: [['workingset_refault_anon']],
  activatedFile: [['workingset_activate_file'], ['workingset_activate']],
  /** Times that reclaim within a node alone (zone_reclaim_mode) found nothing. */
  zoneReclaimFailed: [['zone_reclaim_failed']],
  /** Pages that turned dirty, and that were written. */
  dirtied: [['nr_dirtied']],
  written: [['nr_written']],
  /** Written while their writer was held back because of the storage. */
  writtenThrottled: [['nr_throttled_written']],
  /** Gauges: where writers are slowed down, and where the kernel begins to write. */
  dirtyThreshold: [['nr_dirty_threshold']],
  dirtyBackgroundThreshold: [['nr_dirty_background_threshold']],
  /** Times somebody wrote to drop_caches. */
  droppedCaches: [['drop_pagecache']],
  droppedSlab: [['drop_slab']],
  /** Processes killed for want of memory, of the machine or of a control group. */
  oomKills: [['oom_kill']],
  /** Times that a task stopped to move pages so that a larger block comes free; and that it was in vain. */
  compactionStalls: [['compact_stall']],
  compactionFailures: [['compact_fail']],
  /** Allocations that the node asked for could not serve. */
  numaMisses: [['numa_miss']],
} as const satisfies Readonly<Record<string, readonly (readonly string[])[]>>;

export type CounterName = keyof typeof counterLines;

/** The counters in the lines of /proc/vmstat. */
export function countersOf(
  lines: ReadonlyMap<string, number>,
): Readonly<Record<CounterName, number | null>> {
  return Object.fromEntries(
    Object.entries(counterLines).map(([name, alternatives]) => [name, sumOf(lines, alternatives)]),
  ) as Record<CounterName, number | null>;
}

function sumOf(
  lines: ReadonlyMap<string, number>,
  alternatives: readonly (readonly string[])[],
): number | null {
  for (const patterns of alternatives) {
    const found = patterns.flatMap((pattern) => valuesOf(lines, pattern));
    if (found.length > 0) return found.reduce((sum, value) => sum + value, 0);
  }
  return null;
}

/** pgscan_direct_throttle counts events, not pages. */
function valuesOf(lines: ReadonlyMap<string, number>, pattern: string): number[] {
  if (!pattern.endsWith('*')) {
    const value = lines.get(pattern);
    return value === undefined ? [] : [value];
  }
  const stem = pattern.slice(0, -1);
  return [...lines]
    .filter(([name]) => name.startsWith(stem) && !name.endsWith('_throttle'))
    .map(([, value]) => value);
}
