import type { Cgroup } from '../domain/triage/cgroup.ts';
import { type Bytes, bytes } from '../domain/units.ts';
import type { FileTree } from './file-tree.ts';
import { parseVmstat } from './memory-figures.ts';
import { parsePressure } from './pressure.ts';

/** The largest value that a v1 limit may have, rounded down to pages, stands for none. */
const unlimited = 2 ** 62;

/** Where the memory controller is, as paths of a FileTree. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly point: string;
  /** Which group is mounted there: not `/` in a container that has no control group namespace. */
  readonly root: string;
}

/** The path of a process's group, as the groups of the hierarchy are called here: below what is mounted. */
export function pathWithin({ root }: Hierarchy, path: string): string {
  if (root === '/' || !(path === root || path.startsWith(`${root}/`))) return path;
  return path.slice(root.length) || '/';
}

/** Null where the group is gone, or has no figures (the root of v2 on the host). */
export function readCgroup(tree: FileTree, at: Hierarchy, path: string): Cgroup | null {
  return at.version === 1 ? readV1(tree, at.point, path) : readV2(tree, at.point, path);
}

type Figures = Pick<
  Cgroup,
  | 'anonymous'
  | 'file'
  | 'shmem'
  | 'inactiveFile'
  | 'activeFile'
  | 'slabReclaimable'
  | 'dirty'
  | 'refaultedFile'
  | 'majorFaults'
>;

/** The text of memory.stat; v1 has figures of the group alone, and with `total_` those with the groups below it. */
export function parseCgroupStat(text: string, version: 1 | 2): Figures {
  const lines = parseVmstat(text);
  const prefix = version === 1 ? 'total_' : '';
  const count = (...names: readonly string[]): number | null => {
    for (const name of names) {
      const value = lines.get(`${prefix}${name}`);
      if (value !== undefined) return value;
    }
    return null;
  };
  const size = (...names: readonly string[]): Bytes | null => {
    const value = count(...names);
    return value === null ? null : bytes(value);
  };
  return {
    anonymous: size(version === 1 ? 'rss' : 'anon'),
    file: size(version === 1 ? 'cache' : 'file'),
    shmem: size('shmem'),
    inactiveFile: size('inactive_file'),
    activeFile: size('active_file'),
    slabReclaimable: size('slab_reclaimable'),
    dirty: size(version === 1 ? 'dirty' : 'file_dirty'),
    refaultedFile: count('workingset_refault_file', 'workingset_refault'),
    majorFaults: count('pgmajfault'),
  };
}

function readV1(tree: FileTree, point: string, path: string): Cgroup | null {
  const number = (name: string) => tree.number(`${point}${path}/memory.${name}`);
  const usage = number('usage_in_bytes');
  if (usage === null) return null;
  const limit = number('limit_in_bytes');
  const withSwap = number('memsw.usage_in_bytes');
  const oom = tree.text(`${point}${path}/memory.oom_control`);
  const kills = oom === null ? undefined : parseVmstat(oom).get('oom_kill');
  return {
    path,
    version: 1,
    usage: bytes(usage),
    limit: limit === null || limit >= unlimited ? null : bytes(limit),
    high: null,
    swap: withSwap === null ? null : bytes(Math.max(0, withSwap - usage)),
    limitHits: number('failcnt'),
    highHits: null,
    oomEvents: null,
    oomKills: kills ?? null,
    ...parseCgroupStat(tree.text(`${point}${path}/memory.stat`) ?? '', 1),
    pressure: null,
  };
}

function readV2(tree: FileTree, point: string, path: string): Cgroup | null {
  const file = (name: string) => `${point}${path}/memory.${name}`;
  const usage = tree.number(file('current'));
  if (usage === null) return null;
  const size = (name: string) => {
    const value = tree.number(file(name));
    return value === null ? null : bytes(value);
  };
  const events = parseVmstat(tree.text(file('events')) ?? '');
  const pressure = tree.text(file('pressure'));
  return {
    path,
    version: 2,
    usage: bytes(usage),
    limit: size('max'),
    high: size('high'),
    swap: size('swap.current'),
    limitHits: events.get('max') ?? null,
    highHits: events.get('high') ?? null,
    oomEvents: events.get('oom') ?? null,
    oomKills: events.get('oom_kill') ?? null,
    ...parseCgroupStat(tree.text(file('stat')) ?? '', 2),
    pressure: pressure === null ? null : parsePressure(pressure),
  };
}
