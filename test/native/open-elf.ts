import { closeSync, openSync } from 'node:fs';

import { openElf } from '../../src/native/elf-addon.ts';
import type { ElfFile } from '../../src/native/elf.ts';

/** Runs `look` on a file, and closes it. */
export function withElf<T>(path: string, look: (elf: ElfFile) => T): T {
  const fd = openSync(path, 'r');
  const elf = openElf(fd);
  try {
    return look(elf);
  } finally {
    elf.close();
    closeSync(fd);
  }
}
