import type { Settings } from '../domain/triage/snapshot.ts';
import type { FileTree } from './file-tree.ts';

/** The chosen word in brackets: `always [madvise] never`. */
export const chosenWord = (text: string): string | null => /\[(\w+)\]/.exec(text)?.[1] ?? null;

export function readSettings(tree: FileTree): Settings {
  const vm = (name: string) => tree.number(`/proc/sys/vm/${name}`);
  const huge = tree.text('/sys/kernel/mm/transparent_hugepage/enabled');
  const zswap = tree.text('/sys/module/zswap/parameters/enabled')?.trim();
  return {
    swappiness: vm('swappiness'),
    minFreeKbytes: vm('min_free_kbytes'),
    watermarkScaleFactor: vm('watermark_scale_factor'),
    zoneReclaimMode: vm('zone_reclaim_mode'),
    dirtyRatio: vm('dirty_ratio'),
    dirtyBackgroundRatio: vm('dirty_background_ratio'),
    dirtyBytes: vm('dirty_bytes'),
    dirtyBackgroundBytes: vm('dirty_background_bytes'),
    dirtyExpireCentisecs: vm('dirty_expire_centisecs'),
    dirtyWritebackCentisecs: vm('dirty_writeback_centisecs'),
    overcommitMemory: vm('overcommit_memory'),
    overcommitRatio: vm('overcommit_ratio'),
    vfsCachePressure: vm('vfs_cache_pressure'),
    transparentHugePages: huge === null ? null : chosenWord(huge),
    zswapEnabled: zswap === undefined ? null : zswap === 'Y',
  };
}
