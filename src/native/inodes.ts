import { loadAddon } from './addon.ts';

/** A regular file as it is now. */
export interface InodeLook {
  /** As the kernel names it, with ` (deleted)` behind it where it is; empty where it has no name for it. */
  readonly path: Uint8Array<ArrayBuffer>;
  /** Pages that are yet to be written or under way, by cachestat(2); null before Linux 6.5. */
  readonly dirtyPages: number | null;
}

interface InodesAddon {
  /**
   * By its number, within the file system that is mounted at `mount`. Needs CAP_DAC_READ_SEARCH, and a file system whose
   * handles are an inode number and a generation: ext2 to ext4, XFS, F2FS. Errors: SystemError.
   */
  lookAtInode(mount: Uint8Array, inode: bigint, generation: number): Promise<InodeLook>;
  /** By its path, if that leads to the inode of this number; `path` is left empty. Errors: SystemError. */
  lookAtPath(path: Uint8Array, inode: bigint): Promise<InodeLook>;
}

let loaded: InodesAddon | undefined;

/** The addon, loaded at first use. Errors: Failure `not-built`. */
export function inodes(): InodesAddon {
  loaded ??= loadAddon<InodesAddon>('inodes');
  return loaded;
}
