import type { FileEntry } from '../../src/sources/live/cache/file-entries.ts';
import { InodeWalk } from '../../src/sources/live/residents/inode-walk.ts';

/** What the kernel knows of the file with this inode number, found among those that have so many pages in the cache. */
export async function residentFile(inode: bigint, pages: number): Promise<FileEntry> {
  const walk = await InodeWalk.open(4096);
  try {
    const list = await walk.list();
    const alike = Array.from(list.addresses).filter((_, i) => list.pages[i] === pages);
    const found = (await walk.describe(alike.slice(0, 4096))).find((file) => file.inode === inode);
    if (found === undefined) throw new Error(`inode ${inode} is not among ${alike.length} files`);
    return found;
  } finally {
    await walk.close();
  }
}
