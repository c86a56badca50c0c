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

/**
 * Null where the group is gone, or has no figures (the root of v2 on the host). `before`: what was read not long ago; what seldom
 * changes is taken from there.
 */
export function readCgroup(
  tree: FileTree,
  at: Hierarchy,
  path: string,
  before: Cgroup | null = null,
): Cgroup | null {
  const read = at.version === 1 ? readV1 : readV2;
  const figures = read(tree, `${at.point}${path}`, before);
  return figures === null ? null : { path, ...figures };
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

type Seldom = Pick<Cgroup, 'limit' | 'high' | 'swap'>;

const sizeOf = (value: number | null): Bytes | null => (value === null ? null : bytes(value));

function readV1(
  tree: FileTree,
  directory: string,
  before: Seldom | null,
): Omit<Cgroup, 'path'> | null {
  const number = (name: string) => tree.number(`${directory}/memory.${name}`);
  const usage = number('usage_in_bytes');
  if (usage === null) return null;
  const seldom = (): Seldom => {
    const limit = number('limit_in_bytes');
    const withSwap = number('memsw.usage_in_bytes');
    return {
      limit: limit === null || limit >= unlimited ? null : bytes(limit),
      high: null,
      swap: withSwap === null ? null : bytes(Math.max(0, withSwap - usage)),
    };
  };
  const { limit, high, swap } = before ?? seldom();
  const oom = parseVmstat(tree.text(`${directory}/memory.oom_control`) ?? '');
  return {
    version: 1,
    usage: bytes(usage),
    limit,
    high,
    swap,
    limitHits: number('failcnt'),
    highHits: null,
    oomEvents: null,
    oomKills: oom.get('oom_kill') ?? null,
    ...parseCgroupStat(tree.text(`${directory}/memory.stat`) ?? '', 1),
    pressure: null,
  };
}

function readV2(
  tree: FileTree,
  directory: string,
  before: Seldom | null,
): Omit<Cgroup, 'path'> | null {
  const number = (name: string) => tree.number(`${directory}/memory.${name}`);
  const usage = number('current');
  if (usage === null) return null;
  const seldom = (): Seldom => ({
    limit: sizeOf(number('max')),
    high: sizeOf(number('high')),
    swap: sizeOf(number('swap.current')),
  });
  const { limit, high, swap } = before ?? seldom();
  const events = parseVmstat(tree.text(`${directory}/memory.events`) ?? '');
  const pressure = tree.text(`${directory}/memory.pressure`);
  return {
    version: 2,
    usage: bytes(usage),
    limit,
    high,
    swap,
    limitHits: events.get('max') ?? null,
    highHits: events.get('high') ?? null,
    oomEvents: events.get('oom') ?? null,
    oomKills: events.get('oom_kill') ?? null,
    ...parseCgroupStat(tree.text(`${directory}/memory.stat`) ?? '', 2),
    pressure: pressure === null ? null : parsePressure(pressure),
  };
}
