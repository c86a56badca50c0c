import { loadAddon } from '../native/addon.ts';
import type { LinesAddon, LineTable } from '../native/elf.ts';

let addon: LinesAddon | null | undefined;

/** The source positions of an object; null where libdw is not installed, or the object cannot be read. */
export function openLines(fd: number, debugFd: number | null): LineTable | null {
  try {
    addon ??= addon === undefined ? loadAddon<LinesAddon>('lines') : null;
    return addon?.openLines(fd, debugFd) ?? null;
  } catch {
    addon ??= null;
    return null;
  }
}
