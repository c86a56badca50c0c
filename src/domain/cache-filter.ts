import type { CachedFile } from './cache-snapshot.ts';
import type { SpanUse } from './span-use.ts';

/** A file or a directory that was asked for. */
export interface FileWanted {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** A directory stands for all that lies below it. */
  readonly isDirectory: boolean;
  /** `major:minor` and inode number as stat gives them; null where there is no such file (now). */
  readonly device: string | null;
  readonly inode: bigint | null;
}

/** What a report is confined to. Empty lists and null confine nothing. */
export interface CacheFilter {
  readonly pids: readonly number[];
  readonly files: readonly FileWanted[];
  /** A control group and those below it. */
  readonly cgroup: string | null;
}

export const noFilter: CacheFilter = { pids: [], files: [], cgroup: null };

export const isConfined = ({ pids, files, cgroup }: CacheFilter): boolean =>
  pids.length > 0 || files.length > 0 || cgroup !== null;

/** Whether a use belongs to what was asked for. */
export function matches(filter: CacheFilter, { process, file, cgroup }: SpanUse): boolean {
  return (
    (filter.pids.length === 0 || filter.pids.includes(process.pid)) &&
    matchesFile(filter, file) &&
    (filter.cgroup === null || isWithin(filter.cgroup, cgroup.path))
  );
}

export const matchesFile = ({ files }: CacheFilter, file: CachedFile): boolean =>
  files.length === 0 || files.some((wanted) => isFile(wanted, file));

function isFile(wanted: FileWanted, { path, hostPath, device, inode }: CachedFile): boolean {
  const names = hostPath === null ? [path] : [path, hostPath];
  if (wanted.isDirectory) return names.some((name) => isWithin(wanted.path, name));
  if (wanted.inode !== null && wanted.device === device && wanted.inode === inode) return true;
  return names.includes(wanted.path);
}

function isWithin(parent: string, path: string): boolean {
  const above = parent.replace(/\/+$/, '');
  return path === above || path.startsWith(`${above}/`);
}
