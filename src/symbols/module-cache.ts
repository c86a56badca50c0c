import { closeSync } from 'node:fs';

import { openElf } from '../native/elf-addon.ts';
import type { ElfFile } from '../native/elf.ts';
import type { OpenObject } from '../system/open-object.ts';
import { findDebugFile } from './debug-file.ts';
import { Module } from './module.ts';

/** Object files by identity, shared by all processes that map them. */
export class ModuleCache {
  readonly #modules = new Map<string, Module>();

  /** The module of an open object, whose descriptor becomes the cache's; null where it is no ELF file. */
  take(object: OpenObject, pid: number): Module | null {
    const known = this.#modules.get(object.identity);
    if (known !== undefined) {
      closeSync(object.fd);
      return known;
    }
    const module = open(object, pid);
    if (module !== null) this.#modules.set(object.identity, module);
    return module;
  }

  close(): void {
    for (const module of this.#modules.values()) module.close();
    this.#modules.clear();
  }
}

function open(object: OpenObject, pid: number): Module | null {
  let elf: ElfFile;
  try {
    elf = openElf(object.fd);
  } catch {
    closeSync(object.fd);
    return null;
  }
  const { facts } = elf;
  const debugFd = facts.hasDebugInfo ? null : findDebugFile(facts, object.path, pid);
  if (debugFd !== null) elf.addDebugFile(debugFd);
  return new Module(elf, object.fd, debugFd);
}
