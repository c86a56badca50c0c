import { readFile } from 'node:fs/promises';

import type { Notice } from '../domain/leak-snapshot.ts';
import type { Frame } from '../domain/stack.ts';

const codeTypes = new Set(['t', 'T', 'w', 'W']);

/** Names for kernel addresses, from /proc/kallsyms. */
export class KernelSymbols {
  /** Says why there are no names, where there are none. */
  readonly notices: readonly Notice[];
  // Sorted; names and modules by the same index.
  readonly #addresses: BigUint64Array;
  readonly #names: readonly string[];
  readonly #modules: readonly string[];

  private constructor(rows: readonly { address: bigint; name: string; module: string }[]) {
    this.#addresses = BigUint64Array.from(rows, (row) => row.address);
    this.#names = rows.map((row) => row.name);
    this.#modules = rows.map((row) => row.module);
    this.notices =
      rows.length > 0
        ? []
        : [
            {
              code: 'no-kernel-names',
              text: 'the kernel hides its addresses (kernel.kptr_restrict, or no CAP_SYSLOG): frames have no names',
            },
          ];
  }

  static async read(): Promise<KernelSymbols> {
    return new KernelSymbols(parseKallsyms(await readFile('/proc/kallsyms', 'utf8')));
  }

  static parse(text: string): KernelSymbols {
    return new KernelSymbols(parseKallsyms(text));
  }

  /** Frames of a kernel stack, innermost first; all but the first are return addresses. */
  resolve(addresses: readonly bigint[]): Frame[] {
    return addresses.map((address, i) => {
      const at = this.#find(i === 0 ? address : address - 1n);
      const symbol = this.#names[at];
      if (symbol === undefined) return { address, symbol: null, offset: 0, module: 'kernel' };
      const offset = Number(address - (this.#addresses[at] ?? 0n));
      return { address, symbol, offset, module: this.#modules[at] ?? 'kernel' };
    });
  }

  #find(address: bigint): number {
    let low = 0;
    let high = this.#addresses.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#addresses[middle] ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Functions of the text of /proc/kallsyms, sorted by address; none where the addresses are hidden. */
export function parseKallsyms(text: string): { address: bigint; name: string; module: string }[] {
  const rows = [];
  for (const line of text.split('\n')) {
    const [hex = '', type = '', rest = ''] = line.split(' ', 3);
    if (!codeTypes.has(type)) continue;
    const address = BigInt(`0x${hex}`);
    if (address === 0n) continue;
    const [name = '', module] = rest.split('\t');
    rows.push({ address, name, module: module === undefined ? 'kernel' : module.slice(1, -1) });
  }
  return rows.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}
