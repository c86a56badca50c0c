import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { memoryHierarchy } from './cgroup-names.ts';
import { parseVmstat } from './memory-figures.ts';
import { readMounts } from './mountinfo.ts';

/** Bytes of page cache of a control group and those below it; null: not in this kernel's memory.stat. */
export interface CgroupCache {
  readonly cache: number;
  readonly shared: number | null;
  readonly mapped: number | null;
  readonly dirty: number | null;
}

/** From the text of memory.stat: `total_cache` and the like (v1), or `file` and the like (v2); null where it has neither. */
export function parseMemoryStat(text: string): CgroupCache | null {
  const stat = parseVmstat(text);
  const isV1 = stat.has('total_cache');
  const cache = stat.get(isV1 ? 'total_cache' : 'file');
  if (cache === undefined) return null;
  const [shared, mapped, dirty] = isV1
    ? ['total_shmem', 'total_mapped_file', 'total_dirty']
    : ['shmem', 'file_mapped', 'file_dirty'];
  return {
    cache,
    shared: stat.get(shared ?? '') ?? null,
    mapped: stat.get(mapped ?? '') ?? null,
    dirty: stat.get(dirty ?? '') ?? null,
  };
}

/** Every control group of the memory controller by its path; null where that is not mounted. */
export async function readCgroupCaches(): Promise<ReadonlyMap<string, CgroupCache> | null> {
  const root = memoryHierarchy(await readMounts('self'));
  if (root === null) return null;
  const found = new Map<string, CgroupCache>();
  await walk(root, '/', found);
  return found;
}

async function walk(root: string, path: string, found: Map<string, CgroupCache>): Promise<void> {
  const directory = join(root, path);
  const text = await readFile(join(directory, 'memory.stat'), 'utf8').catch(() => '');
  const stat = parseMemoryStat(text);
  if (stat !== null) found.set(path, stat);
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await walk(root, join(path, entry.name), found);
  }
}
