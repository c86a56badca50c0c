import type { FileKind } from '../../../domain/cache-snapshot.ts';

const memory = new Set(['tmpfs', 'devtmpfs', 'ramfs', 'rootfs', 'hugetlbfs', 'secretmem']);

/** They have pages, and no storage. */
const virtual = new Set([
  'anon_inodefs',
  'bpf',
  'cgroup',
  'cgroup2',
  'configfs',
  'debugfs',
  'devpts',
  'efivarfs',
  'mqueue',
  'pipefs',
  'proc',
  'securityfs',
  'sockfs',
  'sysfs',
  'tracefs',
  'unknown',
]);

/** Inodes that hold metadata and are no files: trees (btrfs), maps of free blocks (ext4), nodes and the rest (f2fs). */
const metadata: Readonly<Record<string, readonly bigint[]>> = {
  btrfs: [1n],
  ext2: [1n],
  ext3: [1n],
  ext4: [1n],
  f2fs: [1n, 2n],
};

/** From here on inode numbers are those of files. */
export const firstFile = 3;

/** What an inode of a file system is; `fileSystem` as /proc/filesystems calls it. */
export function fileKind(fileSystem: string, inode: bigint): FileKind {
  if (fileSystem === 'bdev' || metadata[fileSystem]?.includes(inode) === true) return 'metadata';
  if (memory.has(fileSystem)) return 'memory';
  return virtual.has(fileSystem) ? 'other' : 'file';
}
