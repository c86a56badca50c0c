import type { CachedFile, FileKind, PageCounts } from '../../../domain/cache-snapshot.ts';
import { bytes, pages } from '../../../domain/units.ts';
import { readMounts } from '../../../system/mountinfo.ts';
import { FileNamer } from '../file-names/file-namer.ts';
import { deviceText, type FileName } from '../file-names/raw-file.ts';
import type { FileEntry } from './file-entries.ts';
import { fileKind } from './file-kind.ts';

/** The files of a session by id, each named once. */
export class FileRegister {
  readonly #namer = new FileNamer();
  readonly #files = new Map<bigint, CachedFile>();
  readonly #unseen: (fileSystem: string) => readonly (keyof PageCounts)[];

  constructor(unseen: (fileSystem: string) => readonly (keyof PageCounts)[]) {
    this.#unseen = unseen;
  }

  /** Takes over what the kernel's table holds. */
  async update(entries: readonly FileEntry[]): Promise<void> {
    const unknown = entries.filter(({ id }) => !this.#files.has(id));
    const names = await this.#namer.name(unknown);
    const mounted = unknown.some(({ fileSystem }) => fileSystem === '')
      ? await fileSystemsByDevice()
      : null;
    for (const raw of entries) {
      const entry = { ...raw, fileSystem: fileSystemOf(raw, mounted) };
      const known = this.#files.get(entry.id);
      const name = names.get(entry.id);
      if (name !== undefined) this.#files.set(entry.id, this.#cachedFile(entry, name));
      else if (known !== undefined) this.#files.set(entry.id, refreshed(known, entry));
    }
    const told = new Set(entries.map(({ id }) => id));
    for (const [id, file] of this.#files)
      if (file.resident !== null && !told.has(id)) this.#files.set(id, { ...file, resident: null });
  }

  #cachedFile(entry: FileEntry, name: FileName): CachedFile {
    return {
      id: String(entry.id),
      device: deviceText(entry.device),
      inode: entry.inode,
      kind: fileKind(entry.fileSystem, entry.inode),
      fileSystem: entry.fileSystem,
      ...name,
      links: entry.links,
      size: bytes(entry.size),
      resident: entry.gone ? null : pages(entry.resident),
      unseen: this.#unseen(entry.fileSystem),
    };
  }

  /** Stands for the files of the same kind that are not told apart any more. */
  readonly othersLike = (id: bigint): bigint => {
    const { kind, fileSystem, unseen } = this.get(id);
    const standIn = BigInt(fileKinds.indexOf(kind));
    if (!this.#files.has(standIn)) {
      const path = `(other ${kind === 'file' ? 'files' : `files of kind ${kind}`})`;
      this.#files.set(standIn, { ...this.get(standIn), kind, fileSystem, unseen, path });
    }
    return standIn;
  };

  /** Of any id; one whose facts the kernel could not keep (its table was full) has no more than its id, and is taken for a file of storage: most are. */
  get(id: bigint): CachedFile {
    return (
      this.#files.get(id) ?? {
        id: String(id),
        device: '0:0',
        inode: 0n,
        kind: 'file',
        fileSystem: '',
        path: `file #${id.toString(16)}`,
        named: 'none',
        hostPath: null,
        deleted: false,
        links: 1,
        size: null,
        resident: null,
        unseen: [],
      }
    );
  }

  /** Forgets those that no row names any more. */
  keep(named: ReadonlySet<bigint>): void {
    for (const id of this.#files.keys()) if (!named.has(id)) this.#files.delete(id);
  }

  async close(): Promise<void> {
    await this.#namer.close();
  }
}

/** By `major:minor`. */
async function fileSystemsByDevice(): Promise<ReadonlyMap<string, string>> {
  return new Map((await readMounts('self')).map(({ device, fileSystem }) => [device, fileSystem]));
}

/** What is mounted nowhere is the kernel's own: block devices, shared memory. */
const fileSystemOf = (
  { fileSystem, device }: FileEntry,
  mounted: ReadonlyMap<string, string> | null,
): string => fileSystem || (mounted?.get(deviceText(device)) ?? 'unknown');

const fileKinds: readonly FileKind[] = ['file', 'metadata', 'memory', 'other'];

const refreshed = (file: CachedFile, entry: FileEntry): CachedFile =>
  entry.gone
    ? { ...file, resident: null }
    : {
        ...file,
        links: entry.links,
        deleted: file.deleted || entry.links === 0,
        size: bytes(entry.size),
        resident: pages(entry.resident),
      };
