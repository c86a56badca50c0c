import { closeSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';

import { openElf } from '../native/elf-addon.ts';
import type { ElfFacts } from '../native/elf.ts';
import { openFile } from '../system/open-object.ts';

const debugRoot = '/usr/lib/debug';
const chunkBytes = 1024 * 1024;

/**
 * Opens the separate debug file of an object, looked for in the target's root first and then in ours: by build-id, and by
 * .gnu_debuglink in the places where gdb looks. Only the right one is taken: with the same build-id or, where the object has
 * none, with the link's checksum. null where there is none.
 */
export function findDebugFile(facts: ElfFacts, path: string, pid: number): number | null {
  for (const candidate of candidates(facts, path)) {
    for (const root of [`/proc/${pid}/root`, '']) {
      const opened = openFile(`${root}${candidate}`, candidate);
      if (!('fd' in opened)) continue;
      if (isDebugFileOf(facts, opened.fd)) return opened.fd;
      closeSync(opened.fd);
    }
  }
  return null;
}

function candidates({ buildId, debugLink }: ElfFacts, path: string): string[] {
  const byId =
    buildId === null
      ? []
      : [`${debugRoot}/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`];
  if (debugLink === null || debugLink.includes('/')) return byId;
  const folder = dirname(path);
  const linked = [
    join(folder, debugLink),
    join(folder, '.debug', debugLink),
    join(debugRoot, folder, debugLink),
  ];
  return [...byId, ...linked.filter((file) => file !== path)];
}

function isDebugFileOf(facts: ElfFacts, fd: number): boolean {
  try {
    const elf = openElf(fd);
    const { buildId } = elf.facts;
    elf.close();
    if (facts.buildId !== null) return buildId === facts.buildId;
    return facts.debugLinkCrc !== null && checksum(fd) === facts.debugLinkCrc;
  } catch {
    return false;
  }
}

function checksum(fd: number): number {
  const chunk = Buffer.alloc(chunkBytes);
  let sum = 0;
  for (let at = 0, length = 1; length > 0; at += length) {
    length = readSync(fd, chunk, 0, chunk.length, at);
    sum = crc32(chunk.subarray(0, length), sum);
  }
  return sum;
}
