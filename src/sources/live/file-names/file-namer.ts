import { type BytePath, bytePath, pathText } from '../../../system/byte-path.ts';
import { blockDeviceName, isBlockDevice } from './block-devices.ts';
import { MountSpaces } from './mount-spaces.ts';
import { placeOf } from './place.ts';
import { deviceText, type FileName, type RawFile } from './raw-file.ts';

/** Finds what inodes are called. Mounts are read anew for each call of name(). */
export class FileNamer {
  /** Names all of them; none is left out. Errors: those of reading /proc/self/mountinfo. */
  async name(files: readonly RawFile[]): Promise<ReadonlyMap<bigint, FileName>> {
    if (files.length === 0) return new Map();
    const spaces = await MountSpaces.open();
    const names = new Map<bigint, FileName>();
    for (const file of files) names.set(file.id, await nameOf(file, spaces));
    return names;
  }

  async close(): Promise<void> {}
}

async function nameOf(file: RawFile, spaces: MountSpaces): Promise<FileName> {
  if (isBlockDevice(file)) {
    const path = await blockDeviceName(Number(file.inode));
    return { path, named: 'device', hostPath: null, deleted: false };
  }
  return (await byDentries(file, spaces)) ?? unnamed(file);
}

const isDeleted = (file: RawFile): boolean => file.links === 0;

function unnamed(file: RawFile): FileName {
  const path = `${deviceText(file.device)}:${file.inode}`;
  return { path, named: 'none', hostPath: null, deleted: isDeleted(file) };
}

async function byDentries(file: RawFile, spaces: MountSpaces): Promise<FileName | null> {
  if (file.names === null) return null;
  const inside = pathOf(file.names);
  const only = (path: string) => dentryName(file, { path, hostPath: null, deleted: false });
  if (file.namesCut) return only(`…${pathText(inside)}`);
  if (file.namesRootless) return only(pathText(inside));
  const place = await placeOf(deviceText(file.device), inside, file.pid, spaces);
  // Of a file system that nobody has mounted, or not any more.
  if (place === null)
    return only(`[${file.fileSystem || deviceText(file.device)}]${pathText(inside)}`);
  return dentryName(file, {
    path: pathText(place.path),
    hostPath: place.hostPath === null ? null : pathText(place.hostPath),
    deleted: place.whitedOut,
  });
}

const dentryName = (file: RawFile, name: Omit<FileName, 'named'>): FileName => ({
  ...name,
  named: 'dentry',
  deleted: name.deleted || isDeleted(file),
});

const pathOf = (names: readonly Uint8Array[]): BytePath =>
  names
    .toReversed()
    .map((name) => `/${bytePath(name)}`)
    .join('');
