import { type BytePath, bytePath, pathText } from '../../../system/byte-path.ts';
import { blockDeviceName, isBlockDevice } from './block-devices.ts';
import { MountSpaces } from './mount-spaces.ts';
import { placeOf } from './place.ts';
import { deviceText, type FileName, type RawFile } from './raw-file.ts';

/** Finds what inodes are called. Mounts are read anew for each call of name(). */
export class FileNamer {
  /** Names all of them; none is left out. Errors: those of reading /proc/self/mountinfo. */
  async name(files: readonly RawFile[]): Promise<ReadonlyMap<bigint, FileName>> {
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
  const device = deviceText(file.device);
  if (file.namesCut)
    return dentryName(file, { path: `…${pathText(inside)}`, hostPath: null, deleted: false });
  const place = await placeOf(device, inside, file.pid, spaces);
  // A memfd, shared memory: of a mount of the kernel's own. A tree that is mounted nowhere any more.
  if (place === null)
    return dentryName(file, {
      path: file.names.length === 1 ? pathText(inside) : `${device}:${pathText(inside)}`,
      hostPath: null,
      deleted: false,
    });
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
