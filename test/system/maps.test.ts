import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMaps, readMaps, withinRoot } from '../../src/system/maps.ts';

const captured = parseMaps(
  readFileSync(new URL('./fixtures/maps-server.txt', import.meta.url), 'utf8'),
);

describe('parseMaps', () => {
  it('reads every row in order', () => {
    expect(captured.map((row) => row.path)).toEqual([
      '/opt/my app/server',
      '/opt/my app/server',
      '[heap]',
      '',
      '/memfd:jit',
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
      '/tmp/two\nlines',
      '[anon: arena pool]',
      '[vsyscall]',
    ]);
  });

  it('reads the columns of a file mapping whose path has a space', () => {
    expect(captured[1]).toEqual({
      start: 0x55d0c8a28000n,
      end: 0x55d0c8b00000n,
      permissions: 'r-xp',
      offset: 0x28000n,
      device: 'fe:00',
      inode: 131101,
      path: '/opt/my app/server',
    });
  });

  it('tells unlinked files apart and keeps their path', () => {
    expect(captured.filter((row) => row.deleted).map((row) => row.path)).toEqual([
      '/memfd:jit',
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
    ]);
  });

  it('keeps addresses above 2^53 exact', () => {
    expect(captured.at(-1)?.start).toBe(0xffffffffff600000n);
  });
});

describe('readMaps', () => {
  it('finds the running executable among the mappings of this process', async () => {
    const rows = await readMaps(process.pid);
    expect(rows.some((row) => row.permissions.includes('x') && row.path === process.execPath)).toBe(
      true,
    );
  });

  it('rejects for a process that does not exist', async () => {
    await expect(readMaps(2 ** 22 + 1)).rejects.toThrow(/ENOENT/);
  });
});

describe('withinRoot', () => {
  it.each([
    ['/srv/jail/bin/app', '/srv/jail', '/bin/app'],
    ['/srv/jailed/bin/app', '/srv/jail', '/srv/jailed/bin/app'],
    ['/bin/app', '/', '/bin/app'],
    ['[heap]', '/srv/jail', '[heap]'],
  ])('%s in %s is %s', (path, root, expected) => {
    expect(withinRoot(path, root)).toBe(expected);
  });
});
