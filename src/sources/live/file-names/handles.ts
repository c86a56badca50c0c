import { isSystemError } from '../../../native/bpf.ts';
import { inodes } from '../../../native/inodes.ts';
import { type BytePath, bytePath, pathBytes } from '../../../domain/byte-path.ts';
import type { MountSpace } from './mount-space.ts';
import { deviceText, type RawFile } from './raw-file.ts';

/** Local file systems whose handles are an inode number and a generation. */
const withHandles = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'f2fs']);

/** Looks at a file by its inode number alone; null: that does not work here, or it is gone. Generation 0: any. */
export async function lookByHandle(
  file: Pick<RawFile, 'device' | 'inode' | 'generation' | 'fileSystem'>,
  mounts: MountSpace,
): Promise<{ readonly path: BytePath; readonly dirtyPages: number | null } | null> {
  const device = deviceText(file.device);
  const isFound = withHandles.has(file.fileSystem || mounts.fileSystemOf(device));
  const mount = isFound ? mounts.pointOf(device) : null;
  if (mount === null) return null;
  try {
    const look = await inodes().lookAtInode(pathBytes(mount), file.inode, file.generation);
    return { path: bytePath(look.path), dirtyPages: look.dirtyPages };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return null;
  }
}
