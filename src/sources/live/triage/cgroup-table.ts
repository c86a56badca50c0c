import type { Cgroup } from '../../../domain/triage/cgroup.ts';
import { pathText } from '../../../domain/byte-path.ts';
import type { Milliseconds } from '../../../domain/units.ts';
import { type Hierarchy, pathWithin, readCgroup } from '../../../system/cgroup-usage.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { type Mount, parseMountinfo } from '../../../system/mountinfo.ts';

/** The tree of groups is walked anew after so long; the largest and those nearest to their limits are read each time. */
const walkEveryMs = 5000;
const mostGroups = 2000;
const nearestGroups = 10;
const largestGroups = 4;

/** The control groups of the memory controller. */
export class CgroupTable {
  readonly #tree: FileTree;
  #groups = new Map<string, Cgroup>();
  #walkedAt = Number.NEGATIVE_INFINITY;
  #hierarchy: Hierarchy | null = null;
  #kills: number | null = null;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** `kills`: the machine's count of OOM kills; when it rises, all groups are asked whose it was. */
  read(at: Milliseconds, mountinfo: string, kills: number | null): readonly Cgroup[] {
    const hierarchy = hierarchyOf(parseMountinfo(mountinfo));
    this.#hierarchy = hierarchy;
    if (hierarchy === null) {
      this.#tree.miss('/sys/fs/cgroup', 'control groups and their limits', null);
      return [];
    }
    if (at - this.#walkedAt >= walkEveryMs || kills !== this.#kills) {
      this.#kills = kills;
      this.#walkedAt = at;
      this.#groups = new Map();
      this.#walk(hierarchy, '/');
      return [...this.#groups.values()];
    }
    for (const group of this.#watched()) {
      const { path } = group;
      const now = readCgroup(this.#tree, hierarchy, path, group);
      if (now === null) this.#groups.delete(path);
      else this.#groups.set(path, now);
    }
    return [...this.#groups.values()];
  }

  /** What the group of a process is called in this table. */
  readonly nameOf = (path: string): string =>
    this.#hierarchy === null ? path : pathWithin(this.#hierarchy, path);

  #watched(): readonly Cgroup[] {
    const groups = [...this.#groups.values()];
    const fill = ({ usage, limit, high }: Cgroup) =>
      usage / Math.min(limit ?? Infinity, high ?? Infinity);
    return [
      ...new Set([
        ...groups.toSorted((a, b) => fill(b) - fill(a)).slice(0, nearestGroups),
        ...groups.toSorted((a, b) => b.usage - a.usage).slice(0, largestGroups),
      ]),
    ];
  }

  #walk(hierarchy: Hierarchy, path: string): void {
    if (this.#groups.size >= mostGroups) return;
    const group = readCgroup(this.#tree, hierarchy, path);
    if (group !== null) this.#groups.set(path, group);
    for (const name of this.#tree.directories(`${hierarchy.point}${path}`)) {
      this.#walk(hierarchy, path === '/' ? `/${name}` : `${path}/${name}`);
    }
  }
}

/** Of v1 where that is mounted with the memory controller, else the unified one. */
function hierarchyOf(mounts: readonly Mount[]): Hierarchy | null {
  const v1 = mounts.find((m) => m.fileSystem === 'cgroup' && m.options.includes('memory'));
  const v2 = mounts.find((m) => m.fileSystem === 'cgroup2');
  const mount = v1 ?? v2;
  return mount === undefined
    ? null
    : {
        version: mount === v1 ? 1 : 2,
        point: pathText(mount.point),
        root: pathText(mount.root),
      };
}
