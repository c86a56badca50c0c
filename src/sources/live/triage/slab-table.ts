import type { SlabCache } from '../../../domain/triage/snapshot.ts';
import type { Bytes, Milliseconds } from '../../../domain/units.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { isReclaimable, parseSlabinfo } from '../../../system/slabinfo.ts';
import { Seldom } from './seldom.ts';

const everyMs = 3000;
/** Of the largest it is asked whether they are reclaimable: a file each, once. */
const largest = 30;

/** The slab caches. */
export class SlabTable {
  readonly #tree: FileTree;
  /** The kernel looks through all slabs for it. */
  readonly #slabinfo: Seldom<string | null>;
  readonly #reclaimable = new Map<string, boolean | null>();

  constructor(tree: FileTree) {
    this.#tree = tree;
    this.#slabinfo = new Seldom(everyMs, () => tree.text('/proc/slabinfo', 'slab caches by name'));
  }

  read(at: Milliseconds, pageSize: Bytes): readonly SlabCache[] {
    const caches = parseSlabinfo(this.#slabinfo.at(at) ?? '', pageSize);
    for (const { name } of caches.toSorted((a, b) => b.size - a.size).slice(0, largest)) {
      if (!this.#reclaimable.has(name))
        this.#reclaimable.set(name, isReclaimable(this.#tree, name));
    }
    return caches.map((cache) => ({
      ...cache,
      reclaimable: this.#reclaimable.get(cache.name) ?? null,
    }));
  }
}
