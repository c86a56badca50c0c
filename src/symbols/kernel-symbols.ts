import { readFile } from 'node:fs/promises';

import type { Notice } from '../domain/leak-snapshot.ts';
import type { Frame } from '../domain/stack.ts';
import { compareNames, KernelTable } from './kernel-table.ts';

/** Names for kernel addresses, from /proc/kallsyms. Names are read out of its text when they are asked for. */
export class KernelSymbols {
  /** Says why there are no names, where there are none. */
  readonly notices: readonly Notice[];
  readonly #table: KernelTable;

  private constructor(text: Buffer) {
    this.#table = new KernelTable(text);
    this.notices = this.#table.length > 0 ? [] : [hidden];
  }

  static async read(): Promise<KernelSymbols> {
    return new KernelSymbols(await readFile('/proc/kallsyms'));
  }

  static parse(text: string): KernelSymbols {
    return new KernelSymbols(Buffer.from(text));
  }

  /** Frames of a kernel stack, innermost first; all but the first are return addresses. */
  resolve(addresses: readonly bigint[]): Frame[] {
    return addresses.map((address, i) => {
      const at = this.#table.lastUpTo(i === 0 ? address : address - 1n);
      if (at < 0) return { address, symbol: null, offset: 0, module: 'kernel' };
      const start = this.#table.address(at);
      const { symbol, module } = this.#best(at, start);
      return { address, symbol, offset: Number(address - start), module };
    });
  }

  // Of several names at one address.
  #best(last: number, start: bigint): { readonly symbol: string; readonly module: string } {
    let best = this.#table.name(last);
    for (let i = last - 1; i >= 0 && this.#table.address(i) === start; i--) {
      const other = this.#table.name(i);
      if (compareNames(other.symbol, best.symbol) <= 0) best = other;
    }
    return best;
  }
}

const hidden: Notice = {
  code: 'no-kernel-names',
  text: 'the kernel hides its addresses (kernel.kptr_restrict, or no CAP_SYSLOG): frames have no names',
};
