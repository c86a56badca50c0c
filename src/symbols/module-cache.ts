import { closeSync } from 'node:fs';

import { openElf } from '../native/elf-addon.ts';
import type { ElfFile } from '../native/elf.ts';
import type { OpenObject } from '../system/open-object.ts';
import { findDebugFile } from './debug-file.ts';
import { closeLines } from './lines.ts';

/** An object file whose symbols are at hand, held open so that it outlives its process and its path. */
export interface Module {
  readonly elf: ElfFile;
  readonly fd: number;
  readonly debugFd: number | null;
}

/** Object files by identity, shared by all processes that map them. */
export class ModuleCache {
  readonly #modules = new Map<string, Module | null>();

  /** The module of an open object, whose descriptor becomes the cache's; null where it is no ELF file. */
  take(object: OpenObject, pid: number): Module | null {
    const known = this.#modules.get(object.identity);
    if (known !== undefined) {
      closeSync(object.fd);
      return known;
    }
    const module = this.#open(object, pid);
    this.#modules.set(object.identity, module);
    return module;
  }

  #open(object: OpenObject, pid: number): Module | null {
    let elf: ElfFile;
    try {
      elf = openElf(object.fd);
    } catch {
      closeSync(object.fd);
      return null;
    }
    const debugFd = elf.facts.hasDebugInfo ? null : findDebugFile(elf.facts, object.path, pid);
    if (debugFd !== null) elf.addDebugFile(debugFd);
    return { elf, fd: object.fd, debugFd };
  }

  close(): void {
    for (const module of this.#modules.values()) {
      if (module === null) continue;
      closeLines(module);
      module.elf.close();
      closeSync(module.fd);
      if (module.debugFd !== null) closeSync(module.debugFd);
    }
    this.#modules.clear();
  }
}
