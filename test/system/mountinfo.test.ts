import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMountinfo, readMounts } from '../../src/system/mountinfo.ts';

const mounts = parseMountinfo(
  readFileSync(new URL('./fixtures/mountinfo-server.txt', import.meta.url), 'latin1'),
);

describe('parseMountinfo', () => {
  it('reads every row in order, with and without optional fields, and nothing else', () => {
    expect(mounts.map(({ point }) => point)).toEqual([
      '/proc',
      '/',
      '/home',
      '/mnt/pool',
      '/mnt/with space',
      '/tmp',
      '/tmp/deep',
      '/tmp/deep',
      '/var/lib/docker/overlay2/abc/merged',
    ]);
  });

  it('reads the columns of a directory that was bound', () => {
    expect(mounts[4]).toEqual({
      id: 33,
      parent: 27,
      device: '254:0',
      root: '/srv/data',
      point: '/mnt/with space',
      fileSystem: 'ext4',
      source: '/dev/vda',
      options: ['rw', 'discard'],
    });
  });

  it('leaves what the file system itself escaped', () => {
    expect(mounts.at(-1)?.options[1]).toBe(
      String.raw`lowerdir=/var/lib/docker/overlay2/l/ONE:/var/lib/docker/overlay2/l/T\:WO`,
    );
  });

  it('reads our own mounts', async () => {
    const own = await readMounts('self');
    expect(own.some(({ point }) => point === '/proc')).toBe(true);
  });
});
