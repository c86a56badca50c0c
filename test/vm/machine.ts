import path from 'node:path';

import { kept } from './archive.ts';

/** Where this project, and the tests' own programs, lie for those who run below some root. */
export interface System {
  /** The directory, on this host, that is the guest's root. */
  readonly root: string;
  /** Below it: the checkout, the directory of Node, a busybox that needs no library. */
  readonly project: string;
  readonly node: string;
  readonly busybox: string;
}

/** A kind of machine that is emulated, and what runs on it. */
export interface Machine {
  /** Debian's name of it. */
  readonly debian: 'amd64' | 'arm64';
  /** Words of the emulator that the other kind of machine does not take. */
  readonly emulator: readonly [string, ...string[]];
  readonly console: string;
  readonly system: () => System;
  /** Kernels that are booted if none is named. */
  readonly kernels: readonly string[];
  /** What a kernel may take. */
  readonly seconds: number;
}

const arm64Root = path.join(kept, 'aarch64/system');

export const machines = {
  x86_64: {
    debian: 'amd64',
    emulator: ['qemu-system-x86_64', '-cpu', 'max'],
    console: 'ttyS0',
    system: () => ({
      root: '/',
      project: path.resolve(import.meta.dirname, '../..'),
      node: path.dirname(process.execPath),
      busybox: '/usr/bin/busybox',
    }),
    kernels: ['5.10', '6.1', '6.12', 'sid'],
    seconds: 1500,
  },
  // The cheap one of the ways to sign pointers: the architecture's own takes an emulator a third of its time.
  aarch64: {
    debian: 'arm64',
    emulator: ['qemu-system-aarch64', '-M', 'virt,gic-version=3', '-cpu', 'max,pauth-impdef=on'],
    console: 'ttyAMA0',
    // scripts/test-aarch64 unpacks and fills it.
    system: () => ({
      root: arm64Root,
      project: '/memtrace',
      node: '/opt/node/bin',
      busybox: `${arm64Root}/bin/busybox`,
    }),
    kernels: ['6.1'],
    seconds: 2400,
  },
} as const satisfies Record<string, Machine>;

export type MachineName = keyof typeof machines;
