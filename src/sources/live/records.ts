import type { Layout } from '../../native/bpf.ts';

const two32 = 2 ** 32;

/** Equal structs one after the other, as a map or the ring holds them, read by field name. */
export class Records {
  readonly length: number;
  readonly #view: DataView;
  readonly #layout: Layout;
  readonly #stride: number;

  /** `stride`: bytes from one to the next, where that is more than the struct. */
  constructor(bytes: Uint8Array<ArrayBuffer>, layout: Layout, stride = layout.size) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#layout = layout;
    this.#stride = stride;
    this.length = Math.floor(bytes.byteLength / stride);
  }

  #at(index: number, field: string, element: number, size: number): number {
    const found = this.#layout.fields[field];
    if (found === undefined) throw new Error(`no field ${field} in the object's BTF`);
    return index * this.#stride + found.offset + element * size;
  }

  u32(index: number, field: string, element = 0): number {
    return this.#view.getUint32(this.#at(index, field, element, 4), true);
  }

  /** Exact up to 2^53. */
  u64(index: number, field: string, element = 0): number {
    const at = this.#at(index, field, element, 8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * two32;
  }

  big(index: number, field: string, element = 0): bigint {
    return this.#view.getBigUint64(this.#at(index, field, element, 8), true);
  }

  bigs(index: number, field: string, length: number): bigint[] {
    const at = this.#at(index, field, 0, 8);
    return Array.from({ length }, (_, i) => this.#view.getBigUint64(at + i * 8, true));
  }

  /** A char array up to its NUL. */
  text(index: number, field: string): string {
    const found = this.#layout.fields[field];
    const at = this.#at(index, field, 0, 1);
    const chars = Buffer.from(this.#view.buffer, this.#view.byteOffset + at, found?.size ?? 0);
    const end = chars.indexOf(0);
    return chars.toString('utf8', 0, end < 0 ? chars.length : end);
  }
}

/** The bytes of one struct with these fields set (u32 and u64) and the others 0. */
export function encode(
  layout: Layout,
  fields: Readonly<Record<string, number | bigint>>,
): Uint8Array {
  const bytes = new Uint8Array(layout.size);
  const view = new DataView(bytes.buffer);
  for (const [name, value] of Object.entries(fields)) {
    const field = layout.fields[name];
    if (field === undefined) throw new Error(`no field ${name} in the object's BTF`);
    if (field.size === 8) view.setBigUint64(field.offset, BigInt(value), true);
    else view.setUint32(field.offset, Number(value), true);
  }
  return bytes;
}

export function u32Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function u64Bytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}
