import type { BlindSpot, PageCounts } from '../domain/cache-snapshot.ts';

/** Which function a file system writes by. */
const iomapWriters = new Set(['xfs', 'gfs2', 'zonefs']);
const ownWriters = new Set(['btrfs', 'f2fs', 'bcachefs', 'nfs', 'nfs4', 'fuse', 'ceph']);

/** Whether generic_perform_write() and iomap_file_buffered_write() are seen. */
export interface SeenWrites {
  readonly writes: boolean;
  readonly iomap: boolean;
}

export const writesAreSeen = (fileSystem: string, seen: SeenWrites): boolean =>
  iomapWriters.has(fileSystem) ? seen.iomap : seen.writes && !ownWriters.has(fileSystem);

export function writeSpot(seen: SeenWrites): BlindSpot {
  const unseen = [...ownWriters, ...(seen.iomap ? [] : iomapWriters)].join(', ');
  return {
    code: 'writes',
    text: seen.writes
      ? `writes on file systems with a way of their own are not seen (${unseen})`
      : 'writes are not seen: the kernel has no function for them that can be probed',
  };
}

/** Of files that have no storage, whatever calls are seen. */
export const unseenOfMemoryFiles: readonly (keyof PageCounts)[] = [
  'misses',
  'readAhead',
  'dirtied',
  'filled',
];
