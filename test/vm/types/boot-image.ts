/** A kernel as its boot image has it. */
export interface Payload {
  readonly bytes: Buffer;
  /** The program that decompresses it (-dc); null where it is not compressed. */
  readonly tool: string | null;
}

const setupSectors = 0x1f1;
const magic = 0x202;
const payloadOffset = 0x248;
const payloadLength = 0x24c;
const sector = 512;
/** The length of what it decompresses to, at its end. */
const trailer = 4;

const tools: readonly (readonly [string, string])[] = [
  ['fd377a585a00', 'xz'],
  ['28b52ffd', 'zstd'],
  ['1f8b', 'gzip'],
  ['02214c18', 'lz4'],
];

/** At which an Image of arm64 says so; it is the kernel itself. */
const armMagic = 0x38;

/** The payload of a bzImage, by the setup header of x86's boot protocol, from 2.08 on; or an Image of arm64. */
export function payloadOf(image: Buffer): Payload {
  if (image.toString('latin1', armMagic, armMagic + 4) === 'ARMd')
    return { bytes: image, tool: null };
  if (image.toString('latin1', magic, magic + 4) !== 'HdrS')
    throw new Error('it is neither a bzImage nor an Image of arm64');
  const start = ((image[setupSectors] ?? 0) + 1) * sector + image.readUInt32LE(payloadOffset);
  const bytes = image.subarray(start, start + image.readUInt32LE(payloadLength) - trailer);
  const tool = tools.find(([begin]) => bytes.toString('hex', 0, begin.length / 2) === begin)?.[1];
  if (tool === undefined)
    throw new Error(`its payload begins with ${bytes.toString('hex', 0, 6)}: no known compression`);
  return { bytes, tool };
}

/** struct btf_header of linux/btf.h: its magic and version, and no flags. */
const btfBegin = Buffer.from([0x9f, 0xeb, 1, 0]);
const headerLength = 24;

/** The largest BTF in a kernel: its own, beside that of BPF programs that it brings along. */
export function typesIn(kernel: Buffer): Buffer {
  let largest: Buffer = Buffer.alloc(0);
  for (let at = kernel.indexOf(btfBegin); at >= 0; at = kernel.indexOf(btfBegin, at + 1)) {
    const found = btfAt(kernel, at);
    if (found !== null && found.length > largest.length) largest = found;
  }
  if (largest.length === 0) throw new Error('there is no BTF in it');
  return largest;
}

/** Types come first, strings after them, up to the end. */
function btfAt(kernel: Buffer, at: number): Buffer | null {
  if (at + headerLength > kernel.length) return null;
  const [header, typesAt, typesLength, stringsAt, stringsLength] = [4, 8, 12, 16, 20].map(
    (offset) => kernel.readUInt32LE(at + offset),
  ) as [number, number, number, number, number];
  const end = at + header + stringsAt + stringsLength;
  const isWhole = typesAt === 0 && stringsAt >= typesLength && end <= kernel.length;
  return header >= headerLength && isWhole ? kernel.subarray(at, end) : null;
}
