import { type BytePath, bytePath, pathText } from '../../../domain/byte-path.ts';
import { fileKind } from '../cache/file-kind.ts';
import { blockDeviceName, isBlockDevice } from './block-devices.ts';
import { lookByHandle } from './handles.ts';
import { MountSpaces } from './mount-spaces.ts';
import { OpenPaths } from './open-paths.ts';
import { placeOf } from './place.ts';
import { deviceText, type FileName, type RawFile } from './raw-file.ts';

/**
 * Finds what inodes are called: by the names that the kernel's dentry cache had, else by who has them open, else by their
 * handle. What has no name anywhere is called by its device and inode number.
 */
export class FileNamer {
  readonly #openPaths = new OpenPaths();

  /** Names all of them; none is left out. Mounts are read anew each time. Errors: those of reading /proc/self/mountinfo. */
  async name(files: readonly RawFile[]): Promise<ReadonlyMap<bigint, FileName>> {
    const names = new Map<bigint, FileName>();
    if (files.length === 0) return names;
    const spaces = await MountSpaces.open();
    for (const file of files) {
      const name = (await metadataName(file, spaces)) ?? (await byDentries(file, spaces));
      if (name !== null) names.set(file.id, name);
    }
    const nameless = files.filter((file) => !names.has(file.id));
    const open = await this.#openPaths.find(nameless.filter((file) => isNumbered(file, spaces)));
    for (const file of nameless) {
      const path = open.get(file.id);
      const name =
        path === undefined ? await byHandle(file, spaces) : shown(file, 'open-file', path);
      names.set(file.id, name ?? unnamed(file));
    }
    return names;
  }

  async close(): Promise<void> {
    await this.#openPaths.close();
  }
}

/** Whether no two files of the file system have the same number: subvolumes count on their own. */
function isNumbered(file: RawFile, spaces: MountSpaces): boolean {
  const type = file.fileSystem || spaces.own.mounts.fileSystemOf(deviceText(file.device));
  return type !== 'btrfs' && type !== 'bcachefs';
}

const isDeleted = (file: RawFile): boolean => file.links === 0;

/** Where file systems keep their metadata: on the device, or (btrfs) in an inode that is no file. */
async function metadataName(file: RawFile, spaces: MountSpaces): Promise<FileName | null> {
  if (fileKind(file.fileSystem, file.inode) !== 'metadata') return null;
  const source = spaces.own.mounts.sourceOf(deviceText(file.device)) ?? file.fileSystem;
  const path = isBlockDevice(file)
    ? await blockDeviceName(Number(file.inode))
    : `[${pathText(source)}]`;
  return { path, named: 'device', hostPath: null, deleted: false };
}

/** null: it had none, or not all of them up to the root. */
async function byDentries(file: RawFile, spaces: MountSpaces): Promise<FileName | null> {
  if (file.names === null || file.namesCut) return null;
  const inside = pathOf(file.names);
  if (file.namesRootless) return shown(file, 'dentry', inside);
  const { inode, pid, mountNamespace } = file;
  const place = await placeOf(
    { device: deviceText(file.device), inode, path: inside, pid, mountNamespace },
    spaces,
  );
  // Of a file system that nobody has mounted, or not any more.
  if (place === null)
    return shown(file, 'dentry', `[${file.fileSystem || deviceText(file.device)}]${inside}`);
  const name = shown(file, 'dentry', place.path);
  return {
    ...name,
    hostPath: place.hostPath === null ? null : pathText(place.hostPath),
    deleted: name.deleted || place.whitedOut,
  };
}

async function byHandle(file: RawFile, spaces: MountSpaces): Promise<FileName | null> {
  const look = await lookByHandle(file, spaces.own.mounts);
  return look === null || look.path === '' ? null : shown(file, 'handle', look.path);
}

/** What was read of a path that is too long is its end. */
const unnamed = (file: RawFile): FileName =>
  file.names === null
    ? {
        path: `${deviceText(file.device)}:${file.inode}`,
        named: 'none',
        hostPath: null,
        deleted: isDeleted(file),
      }
    : { ...shown(file, 'dentry', ''), path: `…${pathText(pathOf(file.names))}` };

const deletedSuffix = ' (deleted)';

/** The kernel marks what is deleted in the path itself. */
function shown(file: RawFile, named: FileName['named'], path: BytePath): FileName {
  const deleted = isDeleted(file);
  const own = deleted && named !== 'dentry' && path.endsWith(deletedSuffix);
  return {
    path: pathText(own ? path.slice(0, -deletedSuffix.length) : path),
    named,
    hostPath: null,
    deleted,
  };
}

const pathOf = (names: readonly Uint8Array[]): BytePath =>
  names
    .toReversed()
    .map((name) => `/${bytePath(name)}`)
    .join('');
