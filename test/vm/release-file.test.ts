import { expect, test } from 'vitest';

import { sumOf } from './release-file.ts';

const [md5, sha, other] = ['0'.repeat(32), 'a'.repeat(64), 'b'.repeat(64)];
const release = `Suite: sid
MD5Sum:
 ${md5}   474876 main/binary-amd64/Packages.xz
SHA256:
 ${other}      112 contrib/main/binary-amd64/Packages.xz
 ${sha}   474876 main/binary-amd64/Packages.xz
`;

test('the sum of a file is that of SHA-256, and of no other file', () => {
  expect(sumOf(release, 'main/binary-amd64/Packages.xz')).toBe(sha);
  expect(() => sumOf(release, 'binary-amd64/Packages.xz')).toThrow('the suite has no');
  expect(() => sumOf(release, 'main/binary-arm64/Packages.xz')).toThrow('the suite has no');
});
