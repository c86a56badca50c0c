import { type Pages, pages } from '../../../domain/units.ts';
import { isSystemError } from '../../../native/bpf.ts';
import { inodes } from '../../../native/inodes.ts';
import type { FileEntry } from '../cache/file-entries.ts';
import { lookByHandle } from '../file-names/handles.ts';
import type { MountSpace } from '../file-names/mount-space.ts';
import type { FileName } from '../file-names/raw-file.ts';

/** Local, and without handles that could be made from an inode number. Others are not touched: a server may not answer. */
const byPath = new Set(['btrfs', 'bcachefs', 'vfat', 'exfat']);

/** Pages of a file that are yet to be written; null where that cannot be asked without risk, or the kernel does not tell. */
export async function dirtyPages(
  entry: FileEntry,
  name: FileName,
  mounts: MountSpace,
): Promise<Pages | null> {
  const found = byPath.has(entry.fileSystem)
    ? await lookByPath(name.hostPath ?? name.path, entry.inode)
    : await lookByHandle(entry, mounts);
  return found === null || found.dirtyPages === null ? null : pages(found.dirtyPages);
}

async function lookByPath(
  path: string,
  inode: bigint,
): Promise<{ readonly dirtyPages: number | null } | null> {
  try {
    return await inodes().lookAtPath(Buffer.from(path), inode);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return null;
  }
}
