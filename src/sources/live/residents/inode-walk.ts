import type { FileKind } from '../../../domain/cache-snapshot.ts';
import { type BpfObject, openObject } from '../../../native/bpf.ts';
import { type FileEntry, fileEntries } from '../cache/file-entries.ts';
import { fileKind, firstFile } from '../cache/file-kind.ts';
import { encode, Records, u32Bytes, u64Bytes } from '../records.ts';

/** Every inode that has pages in the cache, in columns. */
export interface InodeList {
  readonly addresses: BigUint64Array;
  readonly pages: Float64Array;
  readonly kinds: readonly FileKind[];
  /** Pages that the kernel does not count among those of files: hugetlbfs. */
  readonly uncounted: number;
  /** Times that files went away under the walk, and the rest of their file system was left out. */
  readonly lost: number;
}

const noInode = 0n;

/** The walk through all inodes in the kernel's memory: bpf/residents.bpf.c. */
export class InodeWalk {
  readonly #object: BpfObject;

  private constructor(object: BpfObject) {
    this.#object = object;
  }

  /** `files`: how many can be described at once. Errors: Failure `not-built`, SystemError. */
  static async open(files: number): Promise<InodeWalk> {
    const object = openObject('residents');
    try {
      object.setMaxEntries('wanted', Math.max(1, files));
      await object.load();
      return new InodeWalk(object);
    } catch (error) {
      await object.close();
      throw error;
    }
  }

  /** Errors: SystemError. */
  async list(): Promise<InodeList> {
    const written: Uint8Array<ArrayBuffer>[] = [];
    const lost = await this.#run('list_residents', 0, (bytes) => written.push(bytes));
    return { ...this.#decode(written), lost };
  }

  /** What the kernel knows of these inodes; those that are gone by now are left out. Errors: SystemError. */
  async describe(addresses: readonly bigint[]): Promise<FileEntry[]> {
    const facts = this.#object.layout('file_facts');
    const empty = new Uint8Array(facts.size);
    for (const address of addresses) this.#object.update('wanted', u64Bytes(address), empty);
    await this.#run('describe_wanted', addresses.length, () => {});
    const names = this.#object.layout('file_names');
    const entries = fileEntries(await this.#object.read('wanted'), {
      file_facts: facts,
      file_names: names,
    });
    for (const address of addresses) this.#object.remove('wanted', u64Bytes(address));
    return entries;
  }

  async close(): Promise<void> {
    await this.#object.close();
  }

  /** A walk until `left` inodes were met, or whole; how often it lost its place. One iteration does for millions of inodes. */
  async #run(
    program: string,
    left: number,
    take: (written: Uint8Array<ArrayBuffer>) => void,
  ): Promise<number> {
    const layout = this.#object.layout('resident_walk');
    this.#object.update('walk', u32Bytes(0), encode(layout, { left }));
    for (;;) {
      take(await this.#object.iterate(program, 'stretches'));
      const state = this.#object.lookup('walk', u32Bytes(0));
      if (state === null) throw new Error('the walk has no state');
      const walk = new Records(state, layout);
      if (walk.u32(0, 'done') !== 0) return walk.u32(0, 'lost');
    }
  }

  #decode(written: readonly Uint8Array<ArrayBuffer>[]): Omit<InodeList, 'lost'> {
    const superLayout = this.#object.layout('resident_super');
    const { size, fields } = this.#object.layout('resident_inode');
    const offset = (field: string) => fields[field]?.offset ?? 0;
    const [atAddress, atPages, atNumber] = ['inode_address', 'pages', 'number'].map(offset);
    const room = Math.ceil(written.reduce((sum, { length }) => sum + length, 0) / size);
    const addresses = new BigUint64Array(room);
    const pages = new Float64Array(room);
    const kinds: FileKind[] = [];
    let fileSystem = '';
    let usual: FileKind = 'other';
    let uncounted = 0;
    for (const bytes of written) {
      // There may be a million of them: no object for each.
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let at = 0; at < bytes.length;) {
        const address = view.getBigUint64(at + (atAddress ?? 0), true);
        if (address === noInode) {
          const told = bytes.subarray(at, at + superLayout.size);
          fileSystem = new Records(told, superLayout).text(0, 'file_system');
          usual = fileKind(fileSystem, BigInt(firstFile));
          at += superLayout.size;
          continue;
        }
        const count = Number(view.getBigUint64(at + (atPages ?? 0), true));
        const number = view.getUint32(at + (atNumber ?? 0), true);
        at += size;
        if (fileSystem === 'hugetlbfs') {
          uncounted += count;
          continue;
        }
        addresses[kinds.length] = address;
        pages[kinds.length] = count;
        kinds.push(number < firstFile ? fileKind(fileSystem, BigInt(number)) : usual);
      }
    }
    return {
      addresses: addresses.subarray(0, kinds.length),
      pages: pages.subarray(0, kinds.length),
      kinds,
      uncounted,
    };
  }
}
