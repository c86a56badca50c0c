import { type BytePath, bytePath } from '../../../domain/byte-path.ts';
import { type BpfObject, isSystemError, openObject } from '../../../native/bpf.ts';
import { encode, Records } from '../records.ts';
import type { RawFile } from './raw-file.ts';

/** So many are looked for at once: MAX_OPEN_PATHS of bpf/cache_wire.h. */
const most = 1024;

/** Paths of files that processes have open or mapped, by iterators over all processes (Linux 6.1, where they may call d_path()). */
export class OpenPaths {
  #object: Promise<BpfObject | null> | undefined;

  /** Those of the files that some process has open, as it sees them; none where the kernel cannot tell. */
  async find(files: readonly RawFile[]): Promise<ReadonlyMap<bigint, BytePath>> {
    const found = new Map<bigint, BytePath>();
    if (files.length === 0) return found;
    this.#object ??= load();
    const object = await this.#object;
    if (object === null) return found;
    const key = object.layout('file_key');
    const value = object.layout('open_path');
    const empty = new Uint8Array(value.size);
    for (let at = 0; at < files.length; at += most) {
      const keys = files
        .slice(at, at + most)
        .map((file) => ({ file, key: encode(key, { inode: file.inode, device: file.device }) }));
      for (const each of keys) object.update('open_paths', each.key, empty);
      await object.iterate('find_open');
      await object.iterate('find_mapped');
      for (const each of keys) {
        const entry = object.lookup('open_paths', each.key);
        object.remove('open_paths', each.key);
        const length = entry === null ? 0 : new Records(entry, value).u32(0, 'length');
        const start = value.fields['path']?.offset ?? 0;
        if (entry !== null && length > 1)
          found.set(each.file.id, bytePath(entry.subarray(start, start + length - 1)));
      }
    }
    return found;
  }

  async close(): Promise<void> {
    await (await this.#object)?.close();
    this.#object = undefined;
  }
}

async function load(): Promise<BpfObject | null> {
  const object = openObject('open_paths');
  try {
    await object.load();
    return object;
  } catch (error) {
    await object.close();
    if (!isSystemError(error)) throw error;
    return null;
  }
}
