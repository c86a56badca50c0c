import { closeSync, constants, fstatSync, openSync, statSync, statfsSync } from 'node:fs';
import type { MapRow } from './maps.ts';

/** An object file held open: by whom it is known, and how it was reached. */
export interface OpenObject {
  readonly fd: number;
  /** As the target sees it. */
  readonly path: string;
  readonly openedAs: string;
  /** `device:inode` of the file itself: the same however it was reached. */
  readonly identity: string;
}

export type Opened = OpenObject | { readonly path: string; readonly reason: string };

const overlayfs = 0x794c_7630;

/**
 * Opens the file behind a mapping of a process, whichever root, mount namespace or name it has: by /proc/PID/map_files, which
 * also leads to deleted files (CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE), else by its path under /proc/PID/root.
 */
export function openMapped(pid: number, row: MapRow): Opened {
  const range = `${row.start.toString(16)}-${row.end.toString(16)}`;
  const direct = openFile(`/proc/${pid}/map_files/${range}`, row.path);
  if ('fd' in direct) return direct;
  if (row.deleted) {
    return refused(
      row.path,
      'deleted or replaced since it was loaded; CAP_CHECKPOINT_RESTORE would open it',
    );
  }
  const named = openFile(`/proc/${pid}/root${row.path}`, row.path);
  if (!('fd' in named) || isSameFile(named.fd, row)) return named;
  closeSync(named.fd);
  return refused(
    row.path,
    'another file has taken its path; CAP_CHECKPOINT_RESTORE would open the one that is mapped',
  );
}

/** Opens a regular file without waiting for a writer and without side effects on what is not one. */
export function openFile(openedAs: string, path: string): Opened {
  let fd: number | undefined;
  try {
    // Before it is opened: opening a device or a FIFO is not harmless.
    if (!statSync(openedAs).isFile()) return refused(path, 'not a regular file');
    fd = openSync(openedAs, constants.O_RDONLY | constants.O_NONBLOCK);
    const { dev, ino } = fstatSync(fd, { bigint: true });
    if (!fstatSync(fd).isFile()) throw new Error('not a regular file');
    return { fd, path, openedAs, identity: `${dev}:${ino}` };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return refused(
      path,
      `cannot be opened (${(error as NodeJS.ErrnoException).code ?? String(error)})`,
    );
  }
}

// On overlayfs older kernels show the inode below it.
function isSameFile(fd: number, row: MapRow): boolean {
  return fstatSync(fd).ino === row.inode || statfsSync(`/proc/self/fd/${fd}`).type === overlayfs;
}

const refused = (path: string, reason: string) => ({ path, reason });
