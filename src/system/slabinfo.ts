import type { SlabCache } from '../domain/triage/snapshot.ts';
import { bytes, type Bytes } from '../domain/units.ts';
import type { FileTree } from './file-tree.ts';

/** Caches in the text of /proc/slabinfo, version 2; `reclaimable` is not told there. */
export function parseSlabinfo(text: string, pageSize: Bytes): SlabCache[] {
  const caches: SlabCache[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.startsWith('slabinfo')) continue;
    const [left = '', , slabs = ''] = line.split(' : ');
    const [name, active, objects, objectSize, , pagesPerSlab] = left.trim().split(/\s+/);
    // slabdata ACTIVE_SLABS NUM_SLABS SHAREDAVAIL
    const count = slabs.trim().split(/\s+/)[2];
    if (name === undefined || pagesPerSlab === undefined || count === undefined) continue;
    caches.push({
      name,
      activeObjects: Number(active),
      objects: Number(objects),
      objectSize: bytes(Number(objectSize)),
      size: bytes(Number(count) * Number(pagesPerSlab) * pageSize),
      reclaimable: null,
    });
  }
  return caches;
}

/** Whether the kernel counts the slabs of a cache as reclaimable; null where it does not say (SLUB with sysfs does). */
export function isReclaimable(tree: FileTree, name: string): boolean | null {
  const flag = tree.number(`/sys/kernel/slab/${name}/reclaim_account`);
  return flag === null ? null : flag === 1;
}
