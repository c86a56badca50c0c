import { spawnSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { requires } from '../support/require.ts';
import { cpio, directory, program, symlink } from './cpio.ts';

const archive = cpio([
  directory('bin'),
  program('bin/abc', Buffer.from('12345')),
  symlink('bin/sh', 'abc'),
]);

test('an archive is records of 4-byte alignment, and a trailer', () => {
  const text = archive.toString('latin1');
  const found = [...text.matchAll(/070701[0-9a-f]{104}([^\0]+)\0/g)];
  expect(found.map(({ 1: name }) => name)).toEqual(['bin', 'bin/abc', 'bin/sh', 'TRAILER!!!']);
  expect(found.map(({ index }) => index % 4)).toEqual([0, 0, 0, 0]);
  expect(archive.length % 4).toBe(0);
});

const cpioThere = spawnSync('busybox', ['cpio', '--help']).status === 0;

test.skipIf(!requires('busybox', cpioThere, 'busybox with cpio'))(
  'another program reads the archive',
  () => {
    const listed = spawnSync('busybox', ['cpio', '-tv'], { input: archive, encoding: 'utf8' });
    expect(listed.stdout).toMatch(
      /^drwxr-xr-x .* bin\n-rwxr-xr-x .* 5 .* bin\/abc\nlrwxrwxrwx .* bin\/sh -> abc\n/,
    );
  },
);
