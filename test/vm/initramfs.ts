import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { cpio, directory, type Member, program, symlink } from './cpio.ts';
import type { KernelImage } from './kernel-image.ts';
import { lines, output } from './tool.ts';

/** What it takes to reach the guest's root. All other modules are loaded from there. */
const modules = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

/** An initramfs of `busybox`, which needs no library, init.sh and the modules, which it loads in this order. */
export async function initramfs(kernel: KernelImage, busybox: string): Promise<Buffer> {
  const files = [...new Set((await Promise.all(modules.map((m) => needed(kernel, m)))).flat())];
  const unpacked: Member[] = await Promise.all(
    files.map(async (file) => program(`modules/${moduleName(file)}`, await plain(file))),
  );
  return cpio([
    ...['bin', 'dev', 'proc', 'sys', 'modules', 'host', 'upper', 'root'].map(directory),
    program('bin/busybox', await readFile(busybox)),
    symlink('bin/sh', 'busybox'),
    program('init', await readFile(path.join(import.meta.dirname, 'init.sh'))),
    program('modules/order', Buffer.from(`${files.map(moduleName).join('\n')}\n`)),
    ...unpacked,
  ]);
}

/** The module's file after those of the modules that it needs; none where it is built in. */
async function needed({ root, release }: KernelImage, module: string): Promise<string[]> {
  const steps = await lines('modprobe', '-d', root, '-S', release, '--show-depends', module);
  return steps.flatMap((step) => /^insmod (\S+)/.exec(step)?.[1] ?? []);
}

const moduleName = (file: string): string => path.basename(file).replace(/\.(xz|zst|gz)$/, '');

async function plain(file: string): Promise<Uint8Array> {
  switch (path.extname(file)) {
    case '.xz':
      return output('xz', '-dc', file);
    case '.zst':
      return output('zstd', '-dcq', file);
    default:
      return readFile(file);
  }
}
