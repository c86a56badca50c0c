import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathText } from '../domain/byte-path.ts';
import { type Mount, readMounts } from './mountinfo.ts';

/** Names the cgroups of the memory controller by their ids, which are the inode numbers of their directories. */
export class CgroupNames {
  readonly #names = new Map<bigint, string>();
  #root: string | null | undefined;

  /** Paths below the hierarchy's mount, `/` for its root; `cgroup ID (removed)` for those that are not there. */
  async name(ids: Iterable<bigint>): Promise<ReadonlyMap<bigint, string>> {
    const wanted = [...new Set(ids)];
    this.#root ??= memoryHierarchy(await readMounts('self'));
    const root = this.#root;
    if (root !== null && wanted.some((id) => !this.#names.has(id))) await this.#walk(root, '/');
    return new Map(wanted.map((id) => [id, this.#names.get(id) ?? `cgroup ${id} (removed)`]));
  }

  async #walk(root: string, path: string): Promise<void> {
    const directory = join(root, path);
    const [facts, entries] = await Promise.all([
      stat(directory, { bigint: true }).catch(() => null),
      readdir(directory, { withFileTypes: true }).catch(() => []),
    ]);
    if (facts === null) return;
    this.#names.set(facts.ino, path);
    for (const entry of entries) {
      if (entry.isDirectory()) await this.#walk(root, join(path, entry.name));
    }
  }
}

/** Where the memory controller's cgroups are: a v1 hierarchy of its own, else the unified one; null where neither is mounted. */
export function memoryHierarchy(mounts: readonly Mount[]): string | null {
  const v1 = mounts.find((m) => m.fileSystem === 'cgroup' && m.options.includes('memory'));
  const v2 = mounts.find((m) => m.fileSystem === 'cgroup2');
  const point = (v1 ?? v2)?.point;
  return point === undefined ? null : pathText(point);
}

/** A control group as it was typed, below its mount: `/sys/fs/cgroup/system.slice` and `system.slice` are `/system.slice`. */
export async function controlGroup(typed: string): Promise<string> {
  const mounts = await readMounts('self');
  const points = mounts
    .filter(({ fileSystem }) => fileSystem === 'cgroup' || fileSystem === 'cgroup2')
    .map(({ point }) => pathText(point))
    .sort((a, b) => b.length - a.length);
  const point = points.find((each) => typed === each || typed.startsWith(`${each}/`));
  return join('/', point === undefined ? typed : typed.slice(point.length)).replace(/(.)\/$/, '$1');
}
