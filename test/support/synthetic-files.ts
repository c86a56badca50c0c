import type { FileResidency, Refusal } from '../../src/domain/file-residency.ts';
import { bytes } from '../../src/domain/units.ts';

let inode = 1;

/** A file of so many pages with so many cached, told by cachestat; each is another one. */
export function residentFile(
  path: string,
  pages: number,
  cached: number,
  more: Partial<FileResidency> = {},
): FileResidency {
  inode++;
  return {
    path,
    identity: `8:${inode}`,
    size: bytes(pages * 4096),
    modifiedAt: Date.UTC(2026, 10, 21),
    deleted: false,
    fileSystem: 'ext4',
    method: pages === 0 ? 'none' : 'cachestat',
    pages,
    cached,
    states: { dirty: 0, writeback: 0, evicted: 0, recentlyEvicted: 0 },
    cells: null,
    ranges: null,
    ...more,
  };
}

export const refusal = (path: string, more: Partial<Refusal> = {}): Refusal => ({
  path,
  reason: 'missing',
  errno: 2,
  what: '',
  named: true,
  ...more,
});
