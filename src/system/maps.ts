import { readFile, readlink } from 'node:fs/promises';

/** One mapping of a process, a row of /proc/PID/maps. */
export interface MapRow {
  readonly start: bigint;
  readonly end: bigint;
  /** e.g. `r-xp`. */
  readonly permissions: string;
  /** Where in the file the mapping begins, bytes. */
  readonly offset: bigint;
  /** `major:minor` in hex. */
  readonly device: string;
  readonly inode: number;
  /** As the target sees it, unescaped; `[heap]` and the like for special mappings; empty for anonymous memory. */
  readonly path: string;
  /** The file was unlinked (or replaced): `path` no longer leads to it. */
  readonly deleted?: boolean;
}

const row = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+)(?: +(.*))?$/s;
const deletedSuffix = ' (deleted)';

/** Rows of the text of /proc/PID/maps, in its order; lines of another form are left out. */
export function parseMaps(text: string): MapRow[] {
  const rows: MapRow[] = [];
  for (const line of text.split('\n')) {
    const match = row.exec(line);
    if (!match) continue;
    const [, start, end, permissions, offset, device, inode, shown = ''] = match;
    const deleted = shown.startsWith('/') && shown.endsWith(deletedSuffix);
    rows.push({
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${end}`),
      permissions: permissions!,
      offset: BigInt(`0x${offset}`),
      device: device!,
      inode: Number(inode),
      path: unescapeNewlines(deleted ? shown.slice(0, -deletedSuffix.length) : shown),
      ...(deleted ? { deleted } : {}),
    });
  }
  return rows;
}

/** Mappings of a process. Errors: those of reading /proc/PID/maps (ENOENT, ESRCH, EACCES). */
export async function readMaps(pid: number): Promise<MapRow[]> {
  const [text, root] = await Promise.all([
    readFile(`/proc/${pid}/maps`, 'utf8'),
    readlink(`/proc/${pid}/root`).catch(() => '/'),
  ]);
  return parseMaps(text).map((each) => ({ ...each, path: withinRoot(each.path, root) }));
}

/**
 * A path as it is in a root. Of a process in a chroot the kernel shows paths from the reader's root; of one in a mount namespace
 * of its own it shows them as they are there, and its root as `/`.
 */
export function withinRoot(path: string, root: string): string {
  return root !== '/' && path.startsWith(`${root}/`) ? path.slice(root.length) : path;
}

// The kernel escapes the newline alone, not the backslash.
function unescapeNewlines(path: string): string {
  return path.replaceAll('\\012', '\n');
}
