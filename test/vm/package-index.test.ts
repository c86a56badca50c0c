import { expect, test } from 'vitest';

import { newestImage, newestKernel, withImage } from './package-index.ts';

const stanza = (name: string, version: string, depends: string): string =>
  `Package: ${name}\nVersion: ${version}\nDepends: ${depends}\nFilename: pool/${name}_${version}.deb\nSHA256: ${name.length}\n`;

const named = (index: string): string[] =>
  newestKernel(index).map(({ name, version }) => `${name} ${version}`);

test('the kernel is the version that the meta package names, not the last in the index', () => {
  const index = [
    stanza('linux-image-6.1.0-50-amd64', '6.1.170-3', 'kmod'),
    stanza('linux-image-6.1.0-50-amd64', '6.1.176-1', 'kmod, linux-base (>= 4.3)'),
    stanza('linux-image-amd64', '6.1.176-1', 'linux-image-6.1.0-50-amd64 (= 6.1.176-1)'),
    stanza('linux-image-6.1.0-51-amd64', '6.1.177-1', 'kmod'),
  ].join('\n');
  expect(newestKernel(index)).toEqual([
    {
      name: 'linux-image-6.1.0-50-amd64',
      version: '6.1.176-1',
      file: 'pool/linux-image-6.1.0-50-amd64_6.1.176-1.deb',
      sha256: '26',
    },
  ]);
});

test('an image that was split comes with its parts', () => {
  const index = [
    stanza('linux-base-amd64', '7.2-1', ''),
    stanza(
      'linux-image-amd64',
      '7.2-1',
      'linux-base-amd64 (= 7.2-1), linux-image-7.2-amd64 (= 7.2-1)',
    ),
    stanza(
      'linux-image-7.2-amd64',
      '7.2-1',
      'dracut | initramfs, linux-binary-7.2 (= 7.2-1), linux-modules-7.2 (= 7.2-1)',
    ),
    stanza('linux-modules-7.2', '7.2-1', 'kmod'),
    stanza('linux-binary-7.2', '7.2-1', ''),
  ].join('\n');
  expect(named(index)).toEqual([
    'linux-image-7.2-amd64 7.2-1',
    'linux-binary-7.2 7.2-1',
    'linux-modules-7.2 7.2-1',
  ]);
});

test('an index without the kernel, or without a part of it, is an error', () => {
  expect(() => newestKernel('', 'arm64')).toThrow('no linux-image-arm64');
  const meta = stanza('linux-image-amd64', '1', 'linux-image-6-amd64 (= 1)');
  expect(() => newestKernel(meta)).toThrow('no linux-image-6-amd64 1');
});

test('of a series, the newest image of the flavour, and not what comes beside it', () => {
  const index = [
    stanza('linux-image-6.18.9+deb13-cloud-amd64', '6.18.9-1~bpo13+1', 'kmod'),
    stanza('linux-image-6.18.15+deb13-cloud-amd64', '6.18.15-1~bpo13+1', 'kmod'),
    stanza('linux-image-6.18.15+deb13-cloud-amd64-dbg', '6.18.15-1~bpo13+1', ''),
    stanza('linux-image-6.18.16+deb13-amd64', '6.18.16-1~bpo13+1', 'kmod'),
    stanza('linux-image-6.1.0-56-rt-amd64', '6.1.192-2', 'kmod'),
    stanza('linux-image-6.1.0-56-rt-amd64-unsigned', '6.1.192-2', 'kmod'),
    stanza('linux-image-6.12.90+deb12.1-rt-amd64', '6.12.90-2', 'kmod'),
  ].join('\n');
  const name = (series: string, flavour: string) => newestImage(index, series, flavour)?.name;
  expect(name('6.18', 'cloud-amd64')).toBe('linux-image-6.18.15+deb13-cloud-amd64');
  expect(name('6.1', 'rt-amd64')).toBe('linux-image-6.1.0-56-rt-amd64');
  expect(name('6.12', 'rt-amd64')).toBe('linux-image-6.12.90+deb12.1-rt-amd64');
  expect(name('6.1', 'amd64')).toBeUndefined();
});

test('an image that was split is in its binary package', () => {
  const index = [
    stanza('linux-image-7.3.4+deb13-amd64', '7.3.4-1', ''),
    stanza('linux-binary-7.3.4+deb13-amd64', '7.3.4-1', ''),
    stanza('linux-modules-7.3.4+deb13-amd64', '7.3.4-1', ''),
  ].join('\n');
  expect(newestImage(index, '7.3', 'amd64')?.name).toBe('linux-binary-7.3.4+deb13-amd64');
  const whole = { name: 'linux-image-6-amd64', version: '6', file: '', sha256: '' };
  expect(withImage([whole])).toBe(whole);
});
