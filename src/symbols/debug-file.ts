import { closeSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { openElf } from '../native/elf-addon.ts';
import type { ElfFacts } from '../native/elf.ts';
import { openFile } from '../system/open-object.ts';

const debugRoot = '/usr/lib/debug';

/**
 * Opens the separate debug file of an object, looked for in the target's root first and then in ours: by build-id, and by
 * .gnu_debuglink in the places where gdb looks. Only one with the same build-id is taken. null where there is none.
 */
export function findDebugFile(facts: ElfFacts, path: string, pid: number): number | null {
  const { buildId } = facts;
  if (buildId === null) return null;
  for (const candidate of candidates(buildId, facts.debugLink, path)) {
    for (const root of [`/proc/${pid}/root`, '']) {
      const opened = openFile(`${root}${candidate}`, candidate);
      if (!('fd' in opened)) continue;
      if (hasBuildId(opened.fd, buildId)) return opened.fd;
      closeSync(opened.fd);
    }
  }
  return null;
}

function candidates(buildId: string, debugLink: string | null, path: string): string[] {
  const byId = `${debugRoot}/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
  const folder = dirname(path);
  const linked =
    debugLink === null
      ? []
      : [
          join(folder, debugLink),
          join(folder, '.debug', debugLink),
          join(debugRoot, folder, debugLink),
        ];
  return [byId, ...linked.filter((file) => file !== path)];
}

function hasBuildId(fd: number, buildId: string): boolean {
  try {
    const elf = openElf(fd);
    const matches = elf.facts.buildId === buildId;
    elf.close();
    return matches;
  } catch {
    return false;
  }
}
