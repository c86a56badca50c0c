import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

import type { Kernel } from './kernels.ts';
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

/** Thrown where the archive cannot be reached: a kernel that is not here rather than one that is broken. */
export class Unreachable extends Error {}

const mirror = process.env['MEMTRACE_DEBIAN_MIRROR'] ?? 'http://deb.debian.org';
const cache = path.join(
  process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'),
  'memtrace/kernels',
);
const indexLifeMs = 24 * 3600 * 1000;

/** The kernel, downloaded and unpacked where the cache does not have it. Nothing is installed. */
export async function kernelImage(kernel: Kernel): Promise<KernelImage> {
  await mkdir(cache, { recursive: true });
  const packages = newestKernel(await packageIndex(kernel));
  const [image] = packages;
  if (image === undefined) throw new Error(`${kernel.suite} has no kernel`);
  const root = path.join(cache, `${image.name}_${image.version}`);
  if (!existsSync(root)) await unpack(kernel, packages, root);
  const release = await releaseOf(root);
  const vmlinuz = [`${root}/boot/vmlinuz-${release}`, `${root}/lib/modules/${release}/vmlinuz`];
  return {
    version: image.version,
    release,
    root,
    vmlinuz: vmlinuz.find((file) => existsSync(file)) ?? `${root}/boot/vmlinuz`,
  };
}

async function releaseOf(root: string): Promise<string> {
  const [release] = await readdir(path.join(root, 'lib/modules'));
  if (release === undefined) throw new Error(`${root} has no modules`);
  return release;
}

/** The suite's index; one of yesterday will do, and an older one where the archive is out of reach. */
async function packageIndex(kernel: Kernel): Promise<string> {
  const file = path.join(cache, `${kernel.suite}.packages.xz`);
  const born = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (Date.now() - born > indexLifeMs) {
    const url = `${kernel.archive}/dists/${kernel.suite}/main/binary-amd64/Packages.xz`;
    await download(url, file).catch((error: unknown) => {
      if (born === 0) throw error;
    });
  }
  return (await output('xz', '-dc', file)).toString('utf8');
}

async function unpack(kernel: Kernel, packages: readonly Package[], root: string): Promise<void> {
  const partial = `${root}.${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  for (const one of packages) {
    const archive = path.join(cache, `${one.name}.deb`);
    await download(`${kernel.archive}/${one.file}`, archive);
    const sum = createHash('sha256')
      .update(await readFile(archive))
      .digest('hex');
    if (sum !== one.sha256) throw new Error(`${archive}: sha256 is ${sum}, not ${one.sha256}`);
    await output('dpkg-deb', '-x', archive, partial);
    await rm(archive);
  }
  // Newer packages have merged /usr.
  if (!existsSync(`${partial}/lib`)) await rename(`${partial}/usr/lib`, `${partial}/lib`);
  await output('depmod', '-b', partial, await releaseOf(partial));
  await rename(partial, root);
}

async function download(from: string, file: string): Promise<void> {
  const url = `${mirror}/${from}`;
  await output('curl', '-fsSL', '--retry', '3', '-o', `${file}.part`, url).catch(
    (error: unknown) => {
      throw new Unreachable(`${url} cannot be fetched`, { cause: error });
    },
  );
  await rename(`${file}.part`, file);
}
