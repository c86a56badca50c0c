import { loadAddon } from './addon.ts';
import type { ElfAddon, ElfFile } from './elf.ts';

let addon: ElfAddon | undefined;

/**
 * Opens the ELF file behind a descriptor, which stays the caller's and must stay open as long. Errors: Failure `not-built`;
 * SystemError where it is no ELF file or cannot be read.
 */
export function openElf(fd: number): ElfFile {
  addon ??= loadAddon<ElfAddon>('elf');
  return addon.openElf(fd);
}
