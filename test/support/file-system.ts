import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

import { afterAll } from 'vitest';

import { requires } from './require.ts';
import { run } from './run.ts';

/** A directory on a file system of a known kind. */
export interface FileSystem {
  readonly folder: string;
  /** Where the bytes of FOLDER/NAME lie: the same file but on overlayfs, where it is written to. */
  readonly beneath: (name: string) => string;
}

const undone: (() => void)[] = [];

function undoAll(): void {
  for (const undo of undone.splice(0).reverse()) undo();
}

// Also when a test is aborted: nothing stays mounted.
process.on('exit', undoAll);
afterAll(undoAll);

const EXT4_MAGIC = 0xef53;

/** A new directory on the host's ext4, removed afterwards; null where neither temporary folder is one. */
function hostFolder(): string | null {
  const parent = ['/tmp', '/var/tmp'].find((folder) => statfsSync(folder).type === EXT4_MAGIC);
  if (parent === undefined) return null;
  const folder = mkdtempSync(path.join(parent, 'memtrace-files-'));
  undone.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const knows = (name: string): boolean => {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('modprobe', ['-q', name], { stdio: 'ignore' });
  } catch {
    // Built in, or not there: the list tells.
  }
  return new RegExp(`\\s${name}$`, 'm').test(readFileSync('/proc/filesystems', 'utf8'));
};

function mount(folder: string, ...args: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  run('mount', ...args, folder);
  undone.push(() => run('umount', '--lazy', folder));
}

const same = (folder: string): FileSystem => ({
  folder,
  beneath: (name) => path.join(folder, name),
});

/** On a loop device whose image nothing but the mount holds: it goes with it. */
function onLoopDevice(name: string, mkfs: string, parent: string): FileSystem {
  const image = path.join(parent, `${name}.image`);
  run('truncate', '--size', '8G', image);
  run(mkfs, '-q', image);
  mount(path.join(parent, name), '-o', 'loop', image);
  rmSync(image);
  return same(path.join(parent, name));
}

function overlay(parent: string): FileSystem {
  const [lower = '', upper = '', work = ''] = ['lower', 'upper', 'work'].map((name) => {
    const folder = path.join(parent, name);
    mkdirSync(folder);
    return folder;
  });
  const folder = path.join(parent, 'merged');
  mount(folder, '-t', 'overlay', '-o', `lowerdir=${lower},upperdir=${upper},workdir=${work}`, 'x');
  return {
    folder,
    beneath: (name) => path.join(upper, name),
  };
}

const makers = {
  ext4: same,
  tmpfs: (parent) => {
    const folder = path.join(parent, 'tmpfs');
    mount(folder, '-t', 'tmpfs', '-o', 'size=1g', 'x');
    return same(folder);
  },
  overlay,
  xfs: (parent) => onLoopDevice('xfs', 'mkfs.xfs', parent),
  btrfs: (parent) => onLoopDevice('btrfs', 'mkfs.btrfs', parent),
} satisfies Record<string, (parent: string) => FileSystem>;

export type FileSystemName = keyof typeof makers;
export const fileSystemNames = Object.keys(makers) as readonly FileSystemName[];

const has = (command: string): boolean =>
  ['/usr/sbin', '/sbin', '/usr/bin'].some((folder) => existsSync(path.join(folder, command)));

const tools: Partial<Record<FileSystemName, string>> = { xfs: 'mkfs.xfs', btrfs: 'mkfs.btrfs' };

/** Whether a file system of the kind can be had here. */
export const hasFileSystem = (name: FileSystemName): boolean =>
  requires(
    name,
    ['/tmp', '/var/tmp'].some((folder) => statfsSync(folder).type === EXT4_MAGIC) &&
      (name === 'ext4' || knows(name)) &&
      has(tools[name] ?? 'mount'),
    'temporary files on ext4; for others root, a kernel that has them, xfsprogs and btrfs-progs',
  );

/** A new one, undone after the tests of the file, also when they fail. */
export function fileSystem(name: FileSystemName): FileSystem {
  const parent = hostFolder();
  if (parent === null) throw new Error('temporary files are not on ext4');
  return makers[name](parent);
}

const throttle = '/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device';

/** Whether a disk of its own can be made slow. */
export const canSlowDisks = (): boolean =>
  requires(
    'slow-disk',
    hasFileSystem('ext4') && process.getuid?.() === 0 && existsSync(throttle) && has('mkfs.ext4'),
    'root, mkfs.ext4, and the blkio controller of cgroup v1',
  );

/** The folder of an ext4 whose disk writes so many bytes a second; undone after the tests of the file. */
export function slowDisk(bytesPerSecond: number): string {
  const parent = hostFolder();
  if (parent === null) throw new Error('temporary files are not on ext4');
  const { folder } = onLoopDevice('slow', 'mkfs.ext4', parent);
  const device = run('findmnt', '--noheadings', '--output', 'MAJ:MIN', folder).trim();
  const limit = (rate: number) => writeFileSync(throttle, `${device} ${rate}`);
  limit(bytesPerSecond);
  undone.push(() => limit(0));
  return folder;
}
