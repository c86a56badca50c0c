import type { CgroupResidents } from '../../../domain/cgroup-residents.ts';
import { bytes } from '../../../domain/units.ts';
import { Failure } from '../../../errors/failure.ts';
import { bpf } from '../../../native/bpf.ts';
import { readCgroupCaches } from '../../../system/cgroup-memory.ts';
import { kernelFigures } from './kernel-figures.ts';

/** The page cache by control group, the `count` largest. Errors: Failure `kernel-lacks` where there is no memory controller. */
export async function readCgroupResidents(count: number): Promise<CgroupResidents> {
  const takenAt = Date.now();
  const [caches, kernel] = await Promise.all([readCgroupCaches(), kernelFigures()]);
  if (caches === null || caches.size === 0)
    throw new Failure('kernel-lacks', {
      feature: 'memory controller of control groups',
      detail: caches === null ? 'none is mounted' : 'it has no memory.stat with page cache',
    });
  const size = (n: number | null) => (n === null ? null : bytes(n));
  const groups = [...caches]
    .filter(([, { cache }]) => cache > 0)
    .map(([path, { cache, shared, mapped, dirty }]) => ({
      path,
      cache: bytes(cache),
      shared: size(shared),
      mapped: size(mapped),
      dirty: size(dirty),
    }))
    .sort((a, b) => b.cache - a.cache);
  return {
    takenAt,
    cached: bytes(kernel.cached * bpf().pageSize),
    largest: groups.slice(0, count),
    groups: groups.length,
    notices: [],
  };
}
