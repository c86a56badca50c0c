import { linkSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CacheTracer, type CacheUse } from '../support/cache-tracer.ts';
import { fileSystem, hasFileSystem } from '../support/file-system.ts';
import { canTrace } from '../support/memtrace.ts';
import { modesHere } from './modes.ts';
import { pagesProgram, type Played, preparePattern, programOf } from '../support/pages.ts';

type FileRow = Omit<CacheUse, 'pid' | 'command'>;

/** The row of the file in the next report that has it with its accesses. */
async function rowOf(tracer: CacheTracer, { inode, truth }: Played): Promise<FileRow> {
  for (;;) {
    const { rows } = (await tracer.sample()) as { rows: readonly FileRow[] };
    const row = rows.find(
      (each) => each.inode === inode && each.fileSystem === 'ext4' && (each.accesses ?? 0) > 0,
    );
    if (row !== undefined) {
      expect(row.accesses).toBeLessThanOrEqual(truth.accesses);
      return row;
    }
  }
}

const canWatch = canTrace() && hasFileSystem('ext4');

describe.skipIf(!canWatch).each(canWatch ? await modesHere() : [])('by %s', (mode) => {
  test('the row of a file that nobody has open any more has its path', async () => {
    const file = path.join(fileSystem('ext4').folder, 'closed');
    const tracer = await CacheTracer.start('--mode', mode, '--by', 'file', '0.2');
    const { target, play } = await preparePattern('read-4k-cold', file);
    const played = await play();
    target.send('exit');
    await target.exited;
    expect(await rowOf(tracer, played)).toMatchObject({ path: file, deleted: false });
    await tracer.stop();
  });
});

describe.skipIf(!canWatch)('memtrace cache --by file', () => {
  let folder: string;
  let tracer: CacheTracer;

  beforeAll(async () => {
    folder = fileSystem('ext4').folder;
    tracer = await CacheTracer.start('--by', 'file', '0.2');
  });
  afterAll(async () => {
    await tracer.stop();
  });

  test('names a file', async () => {
    const file = path.join(folder, 'plain');
    const { target, play } = await preparePattern('read-4k-cold', file);
    const row = await rowOf(tracer, await play());
    expect(row).toMatchObject({ path: file, hostPath: null, deleted: false, links: 1 });
    target.send('exit');
  });

  test('names a file that was deleted, and says so', async () => {
    const file = path.join(folder, 'deleted');
    const { target, play } = await preparePattern('read-4k-cold', file);
    rmSync(file);
    const row = await rowOf(tracer, await play());
    expect(row).toMatchObject({ path: file, deleted: true });
    target.send('exit');
  });

  test('names a hard link by one of its names', async () => {
    const [one = '', two = ''] = ['one', 'two'].map((name) => path.join(folder, name));
    const { target, play } = await preparePattern('read-4k-cold', one);
    linkSync(one, two);
    rmSync(one);
    linkSync(two, one);
    const row = await rowOf(tracer, await play());
    expect([one, two]).toContain(row.path);
    expect(row.links).toBe(2);
    target.send('exit');
  });

  test('names a file as a process in another mount namespace sees it', async () => {
    const [here = '', there = ''] = ['here', 'there'].map((name) => path.join(folder, name));
    for (const each of [here, there]) mkdirSync(each);
    const { target, play } = await programOf(
      [
        'unshare',
        '--mount',
        'sh',
        '-c',
        'mount --bind "$1" "$2" && mount -t tmpfs x "$1" && shift 2 && exec "$@"',
      ],
      ['sh', here, there, pagesProgram(), 'read-4k-cold', path.join(there, 'inside')],
      path.join(here, 'inside'),
    );
    const row = await rowOf(tracer, await play());
    expect(row).toMatchObject({
      path: path.join(there, 'inside'),
      hostPath: path.join(here, 'inside'),
    });
    target.send('exit');
  });

  test.skipIf(!hasFileSystem('overlay'))('names a file under overlayfs', async () => {
    const overlay = fileSystem('overlay');
    const file = path.join(overlay.folder, 'above');
    const { target, play } = await preparePattern('read-4k-cold', file, overlay.beneath('above'));
    const row = await rowOf(tracer, await play());
    expect(row).toMatchObject({ path: file, hostPath: overlay.beneath('above') });
    target.send('exit');
  });
});
