/** A file of an initramfs. */
export interface Member {
  readonly name: string;
  /** File type and permissions, as in `st_mode`. */
  readonly mode: number;
  readonly bytes: Uint8Array;
}

export const directory = (name: string): Member => ({
  name,
  mode: 0o040755,
  bytes: new Uint8Array(),
});
export const program = (name: string, bytes: Uint8Array): Member => ({
  name,
  mode: 0o100755,
  bytes,
});
export const symlink = (name: string, target: string): Member => ({
  name,
  mode: 0o120777,
  bytes: Buffer.from(target),
});

/** An archive in the "newc" format that the kernel unpacks (Documentation/driver-api/early-userspace/buffer-format). */
export function cpio(members: readonly Member[]): Buffer {
  const trailer = { name: 'TRAILER!!!', mode: 0, bytes: new Uint8Array() };
  return Buffer.concat([...members, trailer].flatMap((member, at) => record(member, at + 1)));
}

function record({ name, mode, bytes }: Member, inode: number): Buffer[] {
  const linkCount = 1;
  const fields = [inode, mode, 0, 0, linkCount, 0, bytes.length, 0, 0, 0, 0, name.length + 1, 0];
  const numbers = fields.map((value) => value.toString(16).padStart(8, '0')).join('');
  return [aligned(Buffer.from(`070701${numbers}${name}\0`)), aligned(bytes)];
}

function aligned(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
