import type { Entries, Layout } from '../../../native/bpf.ts';
import { type RawFile, readFileNames } from '../file-names/raw-file.ts';
import { Records } from '../records.ts';

/** An inode, and what changes of it. */
export interface FileEntry extends RawFile {
  readonly size: number;
  readonly resident: number;
  /** It is not in memory any more: size and resident are of the time before. */
  readonly gone: boolean;
}

/** Entries of a map of `struct file_facts`, by the ids that are its keys; but for those that are being written. */
export function fileEntries(
  { length, keys, values, valueSize }: Entries,
  layouts: Readonly<Record<'file_facts' | 'file_names', Layout>>,
): FileEntry[] {
  const id = new DataView(keys.buffer, keys.byteOffset);
  const facts = new Records(values, layouts.file_facts);
  const namesAt = layouts.file_facts.fields['names']?.offset ?? 0;
  const whole = Array.from({ length }, (_, i) => i).filter((i) => facts.u32(i, 'is_whole') !== 0);
  return whole.map((i) => ({
    id: id.getBigUint64(i * 8, true),
    device: facts.u32(i, 'device'),
    inode: facts.big(i, 'inode'),
    generation: facts.u32(i, 'generation'),
    magic: facts.u64(i, 'magic'),
    links: facts.u32(i, 'links'),
    fileSystem: facts.text(i, 'file_system'),
    pid: facts.u32(i, 'pid'),
    mountNamespace: facts.u32(i, 'mount_namespace'),
    size: facts.u64(i, 'size_bytes'),
    resident: facts.u64(i, 'resident_pages'),
    gone: facts.u32(i, 'gone') !== 0,
    ...readFileNames(values, layouts.file_names, i * valueSize + namesAt),
  }));
}
