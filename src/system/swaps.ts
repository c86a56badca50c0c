import type { SwapArea, ZramDevice } from '../domain/triage/snapshot.ts';
import { bytes } from '../domain/units.ts';
import type { FileTree } from './file-tree.ts';

/** Rows of the text of /proc/swaps; sizes there are KiB. */
export function parseSwaps(text: string): SwapArea[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [path, , size, used, priority] = line.split(/\s+/);
      if (path === undefined || priority === undefined) return [];
      return [
        {
          path: path.replaceAll('\\040', ' '),
          size: bytes(Number(size) * 1024),
          used: bytes(Number(used) * 1024),
          priority: Number(priority),
        },
      ];
    });
}

/** The text of /sys/block/zramN/mm_stat: bytes stored, compressed, and taken in all; null where it has another form. */
export function parseZramStat(
  text: string,
): Pick<ZramDevice, 'stored' | 'compressed' | 'memoryUsed'> | null {
  const [stored, compressed, memoryUsed] = text.trim().split(/\s+/).map(Number);
  if (stored === undefined || compressed === undefined || memoryUsed === undefined) return null;
  if (!Number.isFinite(stored + compressed + memoryUsed)) return null;
  return { stored: bytes(stored), compressed: bytes(compressed), memoryUsed: bytes(memoryUsed) };
}

/** Devices that have a size: others are not in use. */
export function readZram(tree: FileTree): ZramDevice[] {
  return tree
    .names('/sys/block')
    .filter((name) => /^zram\d+$/.test(name))
    .flatMap((name) => {
      const disksize = tree.number(`/sys/block/${name}/disksize`) ?? 0;
      const text = tree.text(`/sys/block/${name}/mm_stat`);
      const stat = text === null ? null : parseZramStat(text);
      return disksize === 0 || stat === null ? [] : [{ name, ...stat, disksize: bytes(disksize) }];
    });
}
