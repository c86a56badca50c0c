import { readFile, readdir, readlink } from 'node:fs/promises';
import type { BytePath } from '../domain/byte-path.ts';
import { parseMaps, withinRoot } from './maps.ts';

/** A file that a process has open or mapped, and the ways to it. */
export interface ProcessFile {
  /** As the kernel names it; without the ` (deleted)` that it adds only where `links` of the file say so, too. */
  readonly path: BytePath;
  /** Leads to the file itself, whichever name or mount namespace it has. */
  readonly link: BytePath;
  /** Leads to it by its name, where the link may not be followed; null where there is no such way. */
  readonly named: BytePath | null;
  /** Inode of what is mapped: what `named` must lead to. */
  readonly inode: number | null;
}

/** Every file that a process has open. Errors: those of reading /proc/PID/fd (ENOENT, ESRCH, EACCES). */
export async function openFiles(pid: number): Promise<ProcessFile[]> {
  const folder = `/proc/${pid}/fd`;
  const links = (await readdir(folder)).map((fd) => `${folder}/${fd}`);
  const paths = await Promise.all(links.map(target));
  return links.flatMap((link, index) => {
    const path = paths[index];
    // Sockets, pipes and the like have names such as socket:[4711].
    return path?.startsWith('/') ? [{ path, link, named: null, inode: null }] : [];
  });
}

/** Every file that a process has mapped, once. Errors: those of reading /proc/PID/maps (ENOENT, ESRCH, EACCES). */
export async function mappedFiles(pid: number): Promise<ProcessFile[]> {
  const [text, root] = await Promise.all([
    readFile(`/proc/${pid}/maps`, 'latin1'),
    target(`/proc/${pid}/root`),
  ]);
  const files = new Map<string, ProcessFile>();
  for (const row of parseMaps(text)) {
    const key = `${row.device} ${row.inode} ${row.path}`;
    if (row.inode === 0 || !row.path.startsWith('/') || files.has(key)) continue;
    const range = `${row.start.toString(16)}-${row.end.toString(16)}`;
    const isDeleted = row.deleted === true;
    files.set(key, {
      path: isDeleted ? `${row.path} (deleted)` : row.path,
      link: `/proc/${pid}/map_files/${range}`,
      named: isDeleted ? null : `/proc/${pid}/root${withinRoot(row.path, root ?? '/')}`,
      inode: row.inode,
    });
  }
  return [...files.values()];
}

const target = (link: string): Promise<BytePath | null> =>
  readlink(link, 'latin1').catch(() => null);
