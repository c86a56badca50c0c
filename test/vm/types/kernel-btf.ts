import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { cache, fetchPackage, inScratch, packageIndex, type Suite } from '../archive.ts';
import { unpackedImage } from '../kernel-image.ts';
import type { Kernel } from '../kernels.ts';
import { newestImage, newestKernel, type Package, withImage } from '../package-index.ts';
import { output } from '../tool.ts';
import { type Payload, payloadOf, typesIn } from './boot-image.ts';
import { architectureOf, type UnbootedKernel } from './unbooted.ts';

/** The BTF of a kernel, in the cache. */
export interface KernelBtf {
  /** As `uname -r` says it. */
  readonly release: string;
  readonly file: string;
}

/** Of a kernel that is not booted; undefined where the suite has no such one any more. Throws Unreachable. */
export async function btfOfUnbooted(kernel: UnbootedKernel): Promise<KernelBtf | undefined> {
  const { series, flavour } = kernel;
  const image = newestImage(await packageIndex(kernel, architectureOf(kernel)), series, flavour);
  return image && btfOf(kernel, image);
}

/** Of a kernel of the matrix, out of the image that was booted, if it was. Throws Unreachable. */
export async function btfOfBooted(kernel: Kernel): Promise<KernelBtf> {
  const packages = newestKernel(await packageIndex(kernel));
  const image = withImage(packages);
  if (image === undefined) throw new Error(`${kernel.suite} has no kernel`);
  const unpacked = await unpackedImage(packages);
  return btfOf(kernel, image, unpacked?.vmlinuz);
}

/** Only BTF is kept: a tenth of what a kernel is, and less. */
async function btfOf(suite: Suite, image: Package, vmlinuz?: string): Promise<KernelBtf> {
  const folder = path.join(cache, 'types');
  const file = path.join(folder, `${image.name}_${image.version}.btf`);
  const found = { release: image.name.replace(/^linux-(image|binary)-/, ''), file };
  if (existsSync(file)) return found;
  await mkdir(folder, { recursive: true });
  await inScratch(async (scratch) => {
    const bytes = vmlinuz ? await readFile(vmlinuz) : await imageFrom(suite, image, scratch);
    const partial = path.join(scratch, 'btf');
    await writeFile(partial, typesIn(await unpacked(payloadOf(bytes), scratch)));
    await rename(partial, file);
  });
  return found;
}

async function unpacked({ bytes, tool }: Payload, scratch: string): Promise<Buffer> {
  if (tool === null) return bytes;
  const file = path.join(scratch, 'payload');
  await writeFile(file, bytes);
  return output(tool, '-dc', file);
}

/** Nothing else of the package is unpacked. */
async function imageFrom(suite: Suite, image: Package, scratch: string): Promise<Buffer> {
  const deb = path.join(scratch, 'image.deb');
  await fetchPackage(suite, image, deb);
  return output('sh', '-c', 'dpkg-deb --fsys-tarfile "$0" | tar -xO --wildcards "*/vmlinuz*"', deb);
}
