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
]);

/** The inode that a btrfs keeps its trees in. */
const btrfsTrees = 1n;

/** What an inode of a file system is; `fileSystem` as /proc/filesystems calls it. */
export function fileKind(fileSystem: string, inode: bigint): FileKind {
  if (fileSystem === 'bdev' || (fileSystem === 'btrfs' && inode === btrfsTrees)) return 'metadata';
  if (memory.has(fileSystem)) return 'memory';
  return virtual.has(fileSystem) ? 'other' : 'file';
}
