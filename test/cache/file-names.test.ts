import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  readlinkSync,
} from 'node:fs';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, afterEach, describe, expect, test } from 'vitest';

import { FileNamer } from '../../src/sources/live/file-names/file-namer.ts';
import type { FileName, RawFile } from '../../src/sources/live/file-names/raw-file.ts';
import { fileSystem, fileSystemNames, hasFileSystem } from '../support/file-system.ts';
import { kernelRelease } from '../support/kernel.ts';
import { program } from '../support/library.ts';
import { canTrace } from '../support/memtrace.ts';
import { canMount, MountSandbox } from '../support/mount-sandbox.ts';
import { requires } from '../support/require.ts';
import { residentFile } from '../support/resident-file.ts';
import { run } from '../support/run.ts';

const folder = mkdtempSync('/var/tmp/memtrace-names-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Few files have as many pages: they are found by that. */
const pages = 37;
const content = Buffer.alloc(pages * 4096, 'x');

async function nameOf(file: RawFile): Promise<FileName> {
  const namer = new FileNamer();
  try {
    const name = (await namer.name([file])).get(file.id);
    if (name === undefined) throw new Error('a file was left out');
    return name;
  } finally {
    await namer.close();
  }
}

// Iterators may ask for paths from Linux 6.1 on.
const [major, minor] = kernelRelease();
const byOpenFile = major > 6 || (major === 6 && minor >= 1) ? 'open-file' : 'handle';

const inodeOf = (file: string | Buffer): bigint => statSync(file, { bigint: true }).ino;

function made(file: string | Buffer): bigint {
  writeFileSync(file, content);
  return inodeOf(file);
}

describe.skipIf(!canTrace())('the name of an inode', () => {
  test('is its path', async () => {
    const file = path.join(folder, 'plain');
    expect(await nameOf(await residentFile(made(file), pages))).toEqual({
      path: file,
      named: 'dentry',
      hostPath: null,
      deleted: false,
    });
  });

  test('is what a file was called that is deleted and still open', async () => {
    const file = path.join(folder, 'deleted (deleted)');
    const inode = made(file);
    const fd = openSync(file, 'r');
    unlinkSync(file);
    const raw = await residentFile(inode, pages);
    expect(await nameOf(raw)).toMatchObject({ path: file, named: 'dentry', deleted: true });
    // The same from the table of open files, where the kernel writes the mark into the path.
    expect(await nameOf({ ...raw, names: null })).toMatchObject({
      path: file,
      named: byOpenFile,
      deleted: true,
    });
    closeSync(fd);
  });

  test('is one of its paths for a hard link, and never one that was unlinked', async () => {
    const [first, second] = [path.join(folder, 'first'), path.join(folder, 'second')];
    const inode = made(first);
    linkSync(first, second);
    const fd = openSync(first, 'r');
    const both = await residentFile(inode, pages);
    expect(both.links).toBe(2);
    expect([first, second]).toContain((await nameOf(both)).path);
    readFileSync(second);
    unlinkSync(first);
    expect(await nameOf(await residentFile(inode, pages))).toMatchObject({
      path: second,
      deleted: false,
    });
    closeSync(fd);
  });

  test('keeps a newline, and shows bytes that are no text', async () => {
    const file = Buffer.concat([Buffer.from(`${folder}/two\nlines `), Buffer.from([0xff, 0xc3])]);
    const { path: shown } = await nameOf(await residentFile(made(file), pages));
    expect(shown).toBe(`${folder}/two\nlines \\xff\\xc3`);
  });

  test('is whole where the path is longer than what the programs read of it', async () => {
    let directory = folder;
    for (let i = 0; i < 30; i++) directory = path.join(directory, 'n'.repeat(50));
    mkdirSync(directory, { recursive: true });
    const file = path.join(directory, 'leaf');
    const raw = await residentFile(made(file), pages);
    expect(raw.namesCut).toBe(true);
    const fd = openSync(file, 'r');
    expect(await nameOf(raw)).toMatchObject({ path: file, named: byOpenFile });
    closeSync(fd);
    // Where nothing knows the rest, that is to be seen.
    const unknown = { ...raw, inode: raw.inode + 2n ** 40n };
    expect((await nameOf(unknown)).path).toMatch(/^….*\/n{50}\/leaf$/);
  });

  test('is found by its handle when nobody has it open and no names are cached', async () => {
    const file = path.join(folder, 'handle');
    const raw = await residentFile(made(file), pages);
    const name = await nameOf({ ...raw, names: null });
    // Other file systems than ext4 and XFS have handles of another kind.
    const known = /^(ext[234]|xfs|f2fs)$/.test(raw.fileSystem);
    expect(name).toMatchObject(
      known ? { path: file, named: 'handle' } : { named: 'none', path: /:/ },
    );
  });

  test('is its device and number where there is none, never nothing', async () => {
    const file = path.join(folder, 'nameless');
    const raw = await residentFile(made(file), pages);
    const nameless = { ...raw, names: null, inode: 2n ** 40n, device: (7 << 20) | 99 };
    expect(await nameOf(nameless)).toEqual({
      path: `7:99:${2 ** 40}`,
      named: 'none',
      hostPath: null,
      deleted: false,
    });
  });
});

describe.each(fileSystemNames)('on %s the name of an inode', (name) => {
  test.skipIf(!canTrace() || !hasFileSystem(name))('is its path', async () => {
    const { folder: mounted, beneath } = fileSystem(name);
    const file = path.join(mounted, 'file');
    writeFileSync(file, content);
    const raw = await residentFile(inodeOf(beneath('file')), pages);
    const hostPath = name === 'overlay' ? beneath('file') : null;
    expect(await nameOf(raw)).toEqual({ path: file, named: 'dentry', hostPath, deleted: false });
    // Without its names: what it can be found by, or its number; never the name of another file.
    const byHandle = { named: 'handle', path: beneath('file') };
    const number = { named: 'none', path: expect.stringMatching(/^\d+:\d+:\d+$/) as string };
    expect(await nameOf({ ...raw, names: null })).toMatchObject(
      name === 'btrfs' || name === 'tmpfs' ? number : byHandle,
    );
  });
});

test.skipIf(
  !canTrace() ||
    !hasFileSystem('btrfs') ||
    !requires('btrfs', program('btrfs') !== null, 'it takes the command btrfs'),
)('files of two subvolumes with the same number have each its own name', async () => {
  const { folder: mounted } = fileSystem('btrfs');
  const files = ['one', 'two'].map((subvolume, i) => {
    run('btrfs', 'subvolume', 'create', path.join(mounted, subvolume));
    const file = path.join(mounted, subvolume, 'file');
    writeFileSync(file, Buffer.alloc((pages + 10 + i) * 4096, 'x'));
    return file;
  });
  const [one = '', two = ''] = files;
  expect(inodeOf(one)).toBe(inodeOf(two));
  const raws = [
    await residentFile(inodeOf(one), pages + 10),
    await residentFile(inodeOf(two), pages + 11),
  ];
  expect(await Promise.all(raws.map(async (raw) => (await nameOf(raw)).path))).toEqual(files);
});

describe.skipIf(!canTrace() || !canMount())('the name of an inode in a mount namespace', () => {
  let sandbox: MountSandbox | undefined;
  afterEach(() => sandbox?.end());

  // Not to the end: some kernels keep a page more then.
  const read = `echo inode $(stat -c %i "$file"); head -c ${content.length} "$file" > /dev/null`;

  async function named(script: string, ...args: string[]): Promise<FileName & { raw: RawFile }> {
    sandbox = await MountSandbox.run(script, ...args);
    const inode = BigInt(await sandbox.line('inode'));
    const raw = await residentFile(inode, pages);
    return { ...(await nameOf({ ...raw, pid: sandbox.pid })), raw };
  }

  test('is the path there, of a file system that only it sees', async () => {
    const source = path.join(folder, 'source');
    made(source);
    const name = await named(
      `mount -t tmpfs none /mnt; mkdir /mnt/in; file=/mnt/in/side; cp $1 $file; ${read}`,
      source,
    );
    expect(name).toMatchObject({ path: '/mnt/in/side', named: 'dentry', hostPath: null });
    // Without knowing who used it, every namespace is looked through.
    expect(await nameOf({ ...name.raw, pid: 0 })).toMatchObject({ path: '/mnt/in/side' });
  });

  test('is the path there of a directory that was bound, and the path here beside it', async () => {
    const volume = path.join(folder, 'volume');
    mkdirSync(volume);
    const file = path.join(volume, 'base');
    made(file);
    // What hides the way by which the host goes.
    const hide = `mount --bind $1 /mnt; mount -t tmpfs none $2`;
    const name = await named(`${hide}; file=/mnt/base; ${read}`, volume, folder);
    expect(name).toMatchObject({ path: '/mnt/base', hostPath: file });
    // Who used it is gone; others are in its namespace still.
    const link = readlinkSync(`/proc/${sandbox?.pid}/ns/mnt`);
    const mountNamespace = Number(/\d+/.exec(link)?.[0]);
    expect(await nameOf({ ...name.raw, pid: 0, mountNamespace })).toMatchObject({
      path: '/mnt/base',
      hostPath: file,
    });
  });

  const overlay = [
    'mkdir -p $1/lower/dir $1/upper $1/work $1/merged',
    'mount -t overlay overlay -o lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work $1/merged',
  ].join('; ');

  test('is the path within an overlay, of a file of its lower layer', async () => {
    const base = path.join(folder, 'overlay-lower');
    mkdirSync(path.join(base, 'lower/dir'), { recursive: true });
    made(path.join(base, 'lower/dir/file'));
    const name = await named(`${overlay}; file=$1/merged/dir/file; ${read}`, base);
    expect(name).toMatchObject({
      path: path.join(base, 'merged/dir/file'),
      hostPath: path.join(base, 'lower/dir/file'),
      deleted: false,
    });
  });

  test('is the path within an overlay, of a file written there', async () => {
    const base = path.join(folder, 'overlay-upper');
    const source = path.join(folder, 'upper-source');
    made(source);
    const name = await named(
      `${overlay}; cp $2 $1/merged/dir/new; file=$1/upper/dir/new; ${read}`,
      base,
      source,
    );
    expect(name).toMatchObject({
      path: path.join(base, 'merged/dir/new'),
      hostPath: path.join(base, 'upper/dir/new'),
    });
  });

  test('says that a file of a lower layer is deleted where a whiteout stands above it', async () => {
    const base = path.join(folder, 'overlay-whiteout');
    mkdirSync(path.join(base, 'lower/dir'), { recursive: true });
    made(path.join(base, 'lower/dir/file'));
    const name = await named(
      `${overlay}; file=$1/merged/dir/file; ${read}; exec 5< $file; rm $file`,
      base,
    );
    expect(name).toMatchObject({ path: path.join(base, 'merged/dir/file'), deleted: true });
  });

  test('is the path in the root of a container whose root is an overlay', async () => {
    const base = path.join(folder, 'container');
    mkdirSync(path.join(base, 'lower/etc'), { recursive: true });
    mkdirSync(path.join(base, 'lower/old'), { recursive: true });
    made(path.join(base, 'lower/etc/app.conf'));
    const enter =
      'cd $1/merged; for d in bin lib lib64 usr dev; do [ -e /$d ] && mkdir -p $d && mount --rbind /$d $d; done; mkdir proc; mount -t proc proc proc';
    const script = `${overlay}; ${enter}; pivot_root . old; file=/etc/app.conf; ${read}; umount -l /old`;
    expect(await named(script, base)).toMatchObject({
      path: '/etc/app.conf',
      hostPath: path.join(base, 'lower/etc/app.conf'),
    });
  });
});
