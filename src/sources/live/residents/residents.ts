import type { CachedFile } from '../../../domain/cache-snapshot.ts';
import type { Notice } from '../../../domain/leak-snapshot.ts';
import { largestOf, type Resident, type Residents } from '../../../domain/residents.ts';
import { bytes, milliseconds, pages } from '../../../domain/units.ts';
import { bpf, isSystemError, type SystemError } from '../../../native/bpf.ts';
import type { FileEntry } from '../cache/file-entries.ts';
import { fileKind } from '../cache/file-kind.ts';
import { errnoName } from '../errno.ts';
import { FileNamer } from '../file-names/file-namer.ts';
import { MountSpaces } from '../file-names/mount-spaces.ts';
import { deviceText, type FileName } from '../file-names/raw-file.ts';
import { missingForBpf } from '../privileges.ts';
import { dirtyPages } from './dirty-pages.ts';
import { type InodeList, InodeWalk } from './inode-walk.ts';
import { residentsOfOpenFiles } from './open-files.ts';
import { type KernelFigures, kernelFigures } from './kernel-figures.ts';
import { KindTotals } from './kind-totals.ts';

/**
 * What is in the page cache now, with the `count` largest files by name; of open files alone where the kernel refuses the walk.
 * Errors: Failure, SystemError.
 */
export async function readResidents(count: number): Promise<Residents> {
  let walk: InodeWalk;
  try {
    walk = await InodeWalk.open(count);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return await residentsOfOpenFiles(count, await refusal(error));
  }
  try {
    return await residentsByWalk(walk, count);
  } finally {
    await walk.close();
  }
}

async function refusal(error: SystemError): Promise<string> {
  const missing = await missingForBpf();
  return missing.length > 0
    ? `looking at all files needs ${missing.join(' and ')}`
    : `this kernel refuses to look at all files (${error.operation}: ${errnoName(error)})`;
}

async function residentsByWalk(walk: InodeWalk, count: number): Promise<Residents> {
  const takenAt = Date.now();
  const startedAt = performance.now();
  const { list, kernel } = await listed(walk);
  const totals = new KindTotals();
  list.kinds.forEach((kind, i) => totals.add(kind, list.pages[i] ?? 0));
  const largest = largestOf(list.pages, count).map((i) => list.addresses[i] ?? 0n);
  const found = await named(await walk.describe(largest));
  return {
    takenAt,
    took: milliseconds(performance.now() - startedAt),
    method: 'inodes',
    pageSize: bytes(bpf().pageSize),
    cached: kernel.cached,
    swapCache: kernel.swapCache,
    kinds: totals.all,
    largest: found,
    notices: notices(list.lost, list.uncounted),
  };
}

/** More than this share of the cache came or went meanwhile: walk and figure are not of the same time. */
const unsteady = 0.005;
const attempts = 4;

/** The walk, and what the kernel says of the cache at the same time: it is done again while the cache changes under it. */
async function listed(
  walk: InodeWalk,
): Promise<{ readonly list: InodeList; readonly kernel: KernelFigures }> {
  for (let left = attempts; ; left--) {
    const before = await kernelFigures();
    const list = await walk.list();
    const after = await kernelFigures();
    const changed = Math.abs(after.cached - before.cached);
    const mean = (before.cached + after.cached) / 2;
    if (left > 1 && (list.lost > 0 || changed > mean * unsteady)) continue;
    return { list, kernel: { ...after, cached: pages(Math.round(mean)) } };
  }
}

/** By their pages, which may have changed since they were chosen. */
async function named(entries: readonly FileEntry[]): Promise<Resident[]> {
  const namer = new FileNamer();
  try {
    const names = await namer.name(entries);
    const { mounts } = (await MountSpaces.open()).own;
    const found = await Promise.all(
      entries.map(async (entry) => {
        const name = names.get(entry.id);
        if (name === undefined) return [];
        return [{ file: cachedFile(entry, name), dirty: await dirtyPages(entry, name, mounts) }];
      }),
    );
    return found.flat().sort((a, b) => (b.file.resident ?? 0) - (a.file.resident ?? 0));
  } finally {
    await namer.close();
  }
}

const cachedFile = (entry: FileEntry, name: FileName): CachedFile => ({
  id: String(entry.id),
  device: deviceText(entry.device),
  inode: entry.inode,
  kind: fileKind(entry.fileSystem, entry.inode),
  fileSystem: entry.fileSystem,
  ...name,
  links: entry.links,
  size: bytes(entry.size),
  resident: pages(entry.resident),
  unseen: [],
});

function notices(lost: number, uncounted: number): Notice[] {
  return [
    ...(lost === 0
      ? []
      : [
          {
            code: 'walk-interrupted',
            text: `Files went away under the walk ${lost === 1 ? 'once' : `${lost} times`}: the rest of their file system is not in the list. Run it again.`,
          },
        ]),
    ...(uncounted === 0
      ? []
      : [
          {
            code: 'hugetlb-apart',
            text: `${uncounted} pages of hugetlbfs are left out: the kernel does not count them as cache.`,
          },
        ]),
  ];
}
