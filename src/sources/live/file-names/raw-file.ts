import type { CachedFile } from '../../../domain/cache-snapshot.ts';
import type { Layout } from '../../../native/bpf.ts';
import { Records } from '../records.ts';

/** An inode as the kernel told of it. */
export interface RawFile {
  /** Unique among the files that are named together. */
  readonly id: bigint;
  /** dev_t of the super block as the kernel has it: major << 20 | minor. */
  readonly device: number;
  readonly inode: bigint;
  readonly generation: number;
  /** s_magic. */
  readonly magic: number;
  /** 0: deleted. */
  readonly links: number;
  /** Type of the file system; empty where unknown. */
  readonly fileSystem: string;
  /** Names from the leaf up to the root of the file system, as the dentry cache had them; null: it had none. */
  readonly names: readonly Uint8Array[] | null;
  /** There are more directories above the last name than were read. */
  readonly namesCut: boolean;
  /** It is in no tree: a memfd, shared memory; the only name is what it was made as. */
  readonly namesRootless: boolean;
  /** A process that used it; 0: not known. */
  readonly pid: number;
  /** The mount namespace that it was in, by inode number; 0: not known. */
  readonly mountNamespace: number;
}

/** What a file is called. */
export interface FileName {
  /** Never empty. Bytes that are no UTF-8 are written `\xNN`. */
  readonly path: string;
  readonly named: CachedFile['named'];
  readonly hostPath: string | null;
  readonly deleted: boolean;
}

/** `major:minor` of a dev_t of the kernel. */
export const deviceText = (device: number): string => `${device >>> 20}:${device & 0xfffff}`;

/** enum names_flag of bpf/wire.h. */
const cut = 1;
const detached = 2;
const rootless = 8;

/** The names in a `struct file_names` that lies at `offset` of a record. */
export function readFileNames(
  record: Uint8Array<ArrayBuffer>,
  layout: Layout,
  offset = 0,
): Pick<RawFile, 'names' | 'namesCut' | 'namesRootless'> {
  const fields = new Records(record.subarray(offset, offset + layout.size), layout);
  const length = fields.u32(0, 'length');
  const flags = fields.u32(0, 'flags');
  // The uppermost name of a detached one may be any directory's.
  if (length === 0 || (flags & detached) !== 0)
    return { names: null, namesCut: false, namesRootless: false };
  const start = offset + (layout.fields['names']?.offset ?? 0);
  const bytes = Buffer.from(record.subarray(start, start + length));
  const names: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    if (end < 0) break;
    names.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return {
    names: names.length === 0 ? null : names,
    namesCut: (flags & cut) !== 0,
    namesRootless: (flags & rootless) !== 0,
  };
}
