import { closeSync, fstatSync, readFileSync, readSync } from 'node:fs';

import { openFile } from '../system/open-object.ts';
import { parseStatus } from '../system/status.ts';

/** Code that a JIT wrote to memory, as its perf map names it. */
export interface JitFunction {
  readonly start: bigint;
  readonly end: bigint;
  readonly name: string;
}

interface Name {
  readonly symbol: string;
  /** Bytes from the function's start. */
  readonly offset: number;
}

const row = /^(?:0x)?([0-9a-f]{1,16}) (?:0x)?([0-9a-f]{1,16}) (.+)$/i;
// A file this long is no list of functions.
const maxBytes = 256 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
// Code that was moved or thrown away leaves its row behind: that many rows before an address are looked at.
const reach = 16;

/** Rows of a perf map in the file's order: `START SIZE NAME`, hex; lines of another form are left out. */
export function parsePerfMap(text: string): JitFunction[] {
  return text.split('\n').flatMap((line) => {
    const [, start = '', size = '', name = ''] = row.exec(line) ?? [];
    if (name === '') return [];
    const from = BigInt(`0x${start}`);
    return [{ start: from, end: from + BigInt(`0x${size}`), name }];
  });
}

/**
 * Names of a JIT's functions, as the runtime appends them to /tmp/perf-PID.map of the target's own mount namespace. The file is
 * held open, so that the names outlive the process, and only what is new in it is read.
 */
export class PerfMap {
  readonly #pid: number;
  #fd: number | null = null;
  #readTo = 0;
  #unfinished = Buffer.alloc(0);
  // Sorted by start; of rows with the same start the last one written.
  #functions: (JitFunction & { readonly written: number })[] = [];
  #written = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Opens the file if it is there by now. */
  open(): void {
    this.#fd ??= openPerfMap(this.#pid);
  }

  /** Reads what was appended since. */
  refresh(): void {
    if (this.#fd === null) return;
    const size = Math.min(fstatSync(this.#fd).size, maxBytes);
    const fresh: JitFunction[] = [];
    while (this.#readTo < size) {
      const chunk = Buffer.alloc(Math.min(chunkBytes, size - this.#readTo));
      const length = readSync(this.#fd, chunk, 0, chunk.length, this.#readTo);
      if (length === 0) break;
      this.#readTo += length;
      const text = Buffer.concat([this.#unfinished, chunk.subarray(0, length)]);
      const end = text.lastIndexOf('\n') + 1;
      this.#unfinished = text.subarray(end);
      for (const each of parsePerfMap(text.toString('utf8', 0, end))) fresh.push(each);
    }
    if (fresh.length > 0) this.#add(fresh);
  }

  #add(fresh: readonly JitFunction[]): void {
    const byStart = new Map(this.#functions.map((each) => [each.start, each]));
    for (const each of fresh) byStart.set(each.start, { ...each, written: this.#written++ });
    this.#functions = [...byStart.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
  }

  /** The function that covers an address: of several the one that was written last. null where none does. */
  find(address: bigint): Name | null {
    let low = 0;
    let high = this.#functions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#functions[middle]?.start ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const covering = this.#functions
      .slice(Math.max(0, low - reach), low)
      .filter(({ end }) => address < end);
    if (covering.length === 0) return null;
    const latest = covering.reduce((a, b) => (b.written > a.written ? b : a));
    return { symbol: latest.name, offset: Number(address - latest.start) };
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }
}

// In the target's /tmp anybody can write: only its own user's file is believed, and root's.
function openPerfMap(pid: number): number | null {
  try {
    const { namespacePids, effectiveUid } = parseStatus(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    );
    const path = `/tmp/perf-${namespacePids.at(-1) ?? pid}.map`;
    const opened = openFile(`/proc/${pid}/root${path}`, path);
    if (!('fd' in opened)) return null;
    const { uid } = fstatSync(opened.fd);
    if (uid === effectiveUid || uid === 0) return opened.fd;
    closeSync(opened.fd);
  } catch {
    // The process is gone.
  }
  return null;
}
