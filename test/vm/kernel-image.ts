import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';

import { cache, fetchPackage, inScratch, packageIndex } from './archive.ts';
import type { Kernel } from './kernels.ts';
import type { Machine } from './machine.ts';
import { once } from './once.ts';
import { newestKernel, type Package } from './package-index.ts';
import { output } from './tool.ts';

/** A kernel that lies unpacked in the cache. */
export interface KernelImage {
  readonly version: string;
  /** As `uname -r` says it. */
  readonly release: string;
  readonly vmlinuz: string;
  /** Has lib/modules/RELEASE. */
  readonly root: string;
}

/** The kernel, downloaded and unpacked where the cache does not have it. Nothing is installed. Throws Unreachable. */
export const kernelImage = once(
  ({ suite }: Kernel, { debian }: Machine) => `${suite} ${debian}`,
  async (kernel: Kernel, { debian }: Machine): Promise<KernelImage> => {
    const packages = newestKernel(await packageIndex(kernel, debian), debian);
    const there = await unpackedImage(packages);
    if (there !== null) return there;
    await unpack(kernel, packages);
    const unpacked = await unpackedImage(packages);
    if (unpacked === null) throw new Error(`${kernel.suite} has no kernel`);
    return unpacked;
  },
);

/** The kernel of these packages, if the cache has it. */
export async function unpackedImage(packages: readonly Package[]): Promise<KernelImage | null> {
  const root = rootOf(packages);
  if (!existsSync(root)) return null;
  const release = await releaseOf(root);
  const vmlinuz = [`${root}/boot/vmlinuz-${release}`, `${root}/lib/modules/${release}/vmlinuz`];
  return {
    version: packages[0]?.version ?? '',
    release,
    root,
    vmlinuz: vmlinuz.find((file) => existsSync(file)) ?? `${root}/boot/vmlinuz`,
  };
}

const rootOf = ([image]: readonly Package[]): string =>
  path.join(cache, `${image?.name}_${image?.version}`);

async function releaseOf(root: string): Promise<string> {
  const [release] = await readdir(path.join(root, 'lib/modules'));
  if (release === undefined) throw new Error(`${root} has no modules`);
  return release;
}

const unpack = (kernel: Kernel, packages: readonly Package[]): Promise<void> =>
  inScratch(async (scratch) => {
    const partial = path.join(scratch, 'root');
    await mkdir(partial);
    for (const one of packages) {
      const archive = path.join(scratch, `${one.name}.deb`);
      await fetchPackage(kernel, one, archive);
      await output('dpkg-deb', '-x', archive, partial);
    }
    // Newer packages have merged /usr.
    if (!existsSync(`${partial}/lib`)) await rename(`${partial}/usr/lib`, `${partial}/lib`);
    await output('depmod', '-b', partial, await releaseOf(partial));
    const root = rootOf(packages);
    await rename(partial, root).catch((error: unknown) => {
      // Another run was quicker.
      if (!existsSync(root)) throw error;
    });
  });
