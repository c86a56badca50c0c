import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { deviceText } from './raw-file.ts';

/** s_magic of the file system that the mappings of block devices belong to. */
const bdevMagic = 0x62646576;

export const isBlockDevice = (file: {
  readonly magic: number;
  readonly fileSystem: string;
}): boolean => file.magic === bdevMagic || file.fileSystem === 'bdev';

/** `[/dev/vda]`: the mapping of a whole device, by its dev_t; `[MAJ:MIN]` where it has gone. */
export async function blockDeviceName(device: number): Promise<string> {
  const numbers = deviceText(device);
  const directory = `/sys/dev/block/${numbers}`;
  const mapped = await readFile(`${directory}/dm/name`, 'utf8').catch(() => '');
  if (mapped !== '') return `[/dev/mapper/${mapped.trim()}]`;
  const link = await readlink(directory).catch(() => null);
  if (link === null) return `[${numbers}]`;
  const event = await readFile(`${directory}/uevent`, 'utf8').catch(() => '');
  const name = /^DEVNAME=(.+)$/m.exec(event)?.[1] ?? basename(link);
  return `[/dev/${name}]`;
}
