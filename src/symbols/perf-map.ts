import { readFileSync, statSync } from 'node:fs';

import { parseStatus } from '../system/status.ts';

interface JitFunction {
  readonly start: bigint;
  readonly end: bigint;
  readonly name: string;
}

/** Rows of a perf-PID.map: `START SIZE NAME`, hex; sorted, a later row replacing an earlier one at the same address. */
export function parsePerfMap(text: string): JitFunction[] {
  const byStart = new Map<bigint, JitFunction>();
  for (const line of text.split('\n')) {
    const match = /^(?:0x)?([0-9a-f]+) (?:0x)?([0-9a-f]+) (.+)$/i.exec(line);
    if (!match) continue;
    const [, start = '', size = '', name = ''] = match;
    const from = BigInt(`0x${start}`);
    byStart.set(from, { start: from, end: from + BigInt(`0x${size}`), name });
  }
  return [...byStart.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
}

/** Names of a JIT's functions, as the runtime wrote them to /tmp of the target's own mount namespace. */
export class PerfMap {
  readonly #pid: number;
  #functions: JitFunction[] = [];
  #size = -1;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Name and offset; the file is read again when it has grown. null where no function covers the address. */
  find(address: bigint): { readonly symbol: string; readonly offset: number } | null {
    return this.#lookUp(address) ?? (this.#readIfGrown() ? this.#lookUp(address) : null);
  }

  #lookUp(address: bigint): { readonly symbol: string; readonly offset: number } | null {
    let low = 0;
    let high = this.#functions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#functions[middle]?.start ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#functions[low - 1];
    if (found === undefined || address >= found.end) return null;
    return { symbol: found.name, offset: Number(address - found.start) };
  }

  #readIfGrown(): boolean {
    try {
      const { namespacePids } = parseStatus(readFileSync(`/proc/${this.#pid}/status`, 'utf8'));
      const file = `/proc/${this.#pid}/root/tmp/perf-${namespacePids.at(-1) ?? this.#pid}.map`;
      const status = statSync(file);
      if (!status.isFile() || status.size === this.#size) return false;
      this.#size = status.size;
      this.#functions = parsePerfMap(readFileSync(file, 'utf8'));
      return true;
    } catch {
      // No JIT map, or its process is gone: names stay as they are.
      return false;
    }
  }
}
