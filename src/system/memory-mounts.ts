import { statfsSync } from 'node:fs';
import type { MemoryMount } from '../domain/triage/snapshot.ts';
import { pathText } from '../domain/byte-path.ts';
import { bytes } from '../domain/units.ts';
import type { FileTree } from './file-tree.ts';
import { type Mount, parseMountinfo } from './mountinfo.ts';

const inMemory = new Set(['tmpfs', 'ramfs', 'devtmpfs']);

/** Bytes used, and at most; null where the mount cannot be asked. */
export type MountUse = (path: string) => { readonly used: number; readonly size: number } | null;

/** By statfs(2), which for a file system in memory waits for nothing. */
const statfsUse: MountUse = (path) => {
  try {
    const { bsize, blocks, bfree } = statfsSync(path);
    return { used: (blocks - bfree) * bsize, size: blocks * bsize };
  } catch {
    return null;
  }
};

/** Of this machine; of a captured tree, as its file `statfs` tells: a mount a line, the bytes used and at most before its path. */
export const mountUseOf = (tree: FileTree): MountUse =>
  tree.root === '/' ? statfsUse : capturedUse(tree.text('/statfs') ?? '');

function capturedUse(text: string): MountUse {
  const uses = new Map(
    Array.from(text.matchAll(/^(\d+) (\d+) (.+)$/gm), ([, used, size, path = '']) => [
      path,
      { used: Number(used), size: Number(size) },
    ]),
  );
  return (path) => uses.get(path) ?? null;
}

/** File systems in memory in the text of /proc/self/mountinfo (read as latin1), each once. */
export function memoryMounts(mountinfo: string, useOf: MountUse): MemoryMount[] {
  const seen = new Map<string, Mount>();
  for (const mount of parseMountinfo(mountinfo)) {
    if (inMemory.has(mount.fileSystem) && !seen.has(mount.device)) seen.set(mount.device, mount);
  }
  return [...seen.values()].flatMap((mount) => {
    const path = pathText(mount.point);
    const use = useOf(path);
    if (use === null) return [];
    const { fileSystem } = mount;
    return [{ path, fileSystem, used: bytes(use.used), size: bytes(use.size) }];
  });
}
