import { closeSync } from 'node:fs';

import type { ElfFile, LineTable, SourcePosition } from '../native/elf.ts';
import { demangle } from './demangle.ts';
import { openLines } from './lines-addon.ts';

interface CodeName {
  readonly symbol: string;
  /** Bytes from the symbol. */
  readonly offset: number;
}

/**
 * An object file whose symbols are at hand, held open so that it outlives its process and its path. All offsets are file
 * offsets in bytes; what was asked once is remembered.
 */
export class Module {
  readonly #elf: ElfFile;
  readonly #fd: number;
  readonly #debugFd: number | null;
  readonly #segments: ElfFile['facts']['segments'];
  readonly #names = new Map<number, CodeName | null>();
  readonly #hiding = new Map<number, boolean>();
  readonly #positions = new Map<number, readonly SourcePosition[]>();
  #lines: LineTable | null | undefined;

  /** Takes over the file and the descriptors. */
  constructor(elf: ElfFile, fd: number, debugFd: number | null) {
    this.#elf = elf;
    this.#fd = fd;
    this.#debugFd = debugFd;
    this.#segments = elf.facts.segments;
  }

  /** The function that covers an offset, demangled; null where none does. */
  name(offset: number): CodeName | null {
    const known = this.#names.get(offset);
    if (known !== undefined) return known;
    const [raw] = this.#elf.names([offset]);
    const name = raw ? { symbol: demangle(raw.symbol), offset: raw.offset } : null;
    this.#names.set(offset, name);
    return name;
  }

  /** Whether the function that covers an offset is known to keep no frame pointer. */
  hidesCaller(offset: number): boolean {
    let hides = this.#hiding.get(offset);
    if (hides === undefined) {
      hides = this.#elf.keepsFramePointer(offset) === false;
      this.#hiding.set(offset, hides);
    }
    return hides;
  }

  /** The address that objdump shows for an offset. */
  virtualAddress(offset: number): number {
    const segment = this.#segments.find(
      (each) => each.executable && offset >= each.offset && offset < each.offset + each.fileSize,
    );
    return segment === undefined ? offset : offset - segment.offset + segment.vaddr;
  }

  /** Source positions of each offset, innermost inlined function first; none where debug information has none. */
  async positions(offsets: readonly number[]): Promise<(readonly SourcePosition[])[]> {
    const missing = offsets.filter((offset) => !this.#positions.has(offset));
    if (missing.length > 0) {
      if (this.#lines === undefined) this.#lines = openLines(this.#fd, this.#debugFd);
      const found = (await this.#lines?.lines(missing)) ?? [];
      missing.forEach((offset, i) => this.#positions.set(offset, found[i] ?? []));
    }
    return offsets.map((offset) => this.#positions.get(offset) ?? []);
  }

  close(): void {
    this.#elf.close();
    this.#lines?.close();
    this.#lines = null;
    closeSync(this.#fd);
    if (this.#debugFd !== null) closeSync(this.#debugFd);
  }
}
