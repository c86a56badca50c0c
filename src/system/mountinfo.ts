import { readFile } from 'node:fs/promises';
import type { BytePath } from '../domain/byte-path.ts';

/** A mount of a mount namespace, a row of /proc/PID/mountinfo. */
export interface Mount {
  readonly id: number;
  /** Id of the mount that this one lies on; the uppermost's is not in the list. */
  readonly parent: number;
  /** `major:minor` of the super block. */
  readonly device: string;
  /** What of the file system is mounted: `/`, a directory that was bound, a subvolume. */
  readonly root: BytePath;
  /** Where it is seen, from the process's root. */
  readonly point: BytePath;
  readonly fileSystem: string;
  readonly source: string;
  /** Options of the super block, split at commas; what the file system itself escaped still is. */
  readonly options: readonly string[];
}

/** Rows of the text of /proc/PID/mountinfo (read as latin1), in its order; lines of another form are left out. */
export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const dash = fields.indexOf('-', 6);
    const [id, parent, device, root, point] = fields;
    if (dash < 0 || device === undefined || root === undefined || point === undefined) continue;
    mounts.push({
      id: Number(id),
      parent: Number(parent),
      device,
      root: unescaped(root),
      point: unescaped(point),
      fileSystem: fields[dash + 1] ?? '',
      source: unescaped(fields[dash + 2] ?? ''),
      options: unescaped(fields[dash + 3] ?? '').split(/(?<!\\),/),
    });
  }
  return mounts;
}

/** Mounts as a process sees them. Errors: those of reading /proc/PID/mountinfo (ENOENT, EINVAL for a zombie, EACCES). */
export const readMounts = async (pid: number | 'self'): Promise<Mount[]> =>
  parseMountinfo(await readFile(`/proc/${pid}/mountinfo`, 'latin1'));

// Space, tab, newline, backslash and # come as three octal digits.
const unescaped = (field: string): string =>
  field.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
