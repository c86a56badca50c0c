import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { CacheFilter, FileWanted } from '../../domain/cache-filter.ts';
import type { Notice } from '../../domain/leak-snapshot.ts';
import { Failure } from '../../errors/failure.ts';
import { deviceText } from '../../system/device.ts';
import { controlGroup } from '../../system/cgroup-names.ts';
import type { CacheConfinement } from './request.ts';

/** What the words of --pid, --file and --cgroup stand for on this host. */
export interface ResolvedFilter {
  readonly filter: CacheFilter;
  /** In words; null where nothing is confined. */
  readonly text: string | null;
  readonly notices: readonly Notice[];
}

/** Throws process-missing. A file need not be there (yet): it may have that name in another mount namespace. */
export async function resolveFilter(only: CacheConfinement): Promise<ResolvedFilter> {
  for (const pid of only.pids) await requireProcess(pid);
  const files = await Promise.all(only.files.map(fileWanted));
  const cgroup = only.cgroup === null ? null : await controlGroup(only.cgroup);
  const words = [
    ...(only.pids.length === 0 ? [] : [`pid ${only.pids.join(', ')}`]),
    ...(files.length === 0 ? [] : [`file ${files.map((file) => file.path).join(', ')}`]),
    ...(cgroup === null ? [] : [`cgroup ${cgroup}`]),
  ];
  return {
    filter: { pids: only.pids, files, cgroup },
    text: words.length === 0 ? null : words.join('; '),
    notices: files
      .filter(({ inode }) => inode === null)
      .map((file) => ({
        code: 'file-not-here',
        text: `there is no ${file.path} here now: a file counts that is called so by the processes that use it`,
      })),
  };
}

async function requireProcess(pid: number): Promise<void> {
  if ((await stat(`/proc/${pid}`).catch(() => null)) === null)
    throw new Failure('process-missing', { pid });
}

async function fileWanted(typed: string): Promise<FileWanted> {
  const absolute = path.resolve(typed);
  const resolved = await realpath(absolute).catch(() => absolute);
  const facts = await stat(resolved, { bigint: true }).catch(() => null);
  return {
    path: resolved,
    // What is not there may become one.
    isDirectory: facts?.isDirectory() ?? true,
    device: facts === null ? null : deviceText(facts.dev),
    inode: facts?.ino ?? null,
  };
}
