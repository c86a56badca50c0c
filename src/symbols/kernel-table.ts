const space = 0x20;
const newline = 0x0a;
const tab = 0x09;
// ADDRESS TYPE NAME with at least one digit and one letter.
const shortestLine = 5;
const codeTypes = new Set(Buffer.from('tTwW'));

/** The functions of the text of /proc/kallsyms (`ADDRESS TYPE NAME[\t[MODULE]]`), sorted by address; those at 0 are hidden ones. */
export class KernelTable {
  readonly length: number;
  readonly #text: Buffer;
  readonly #addresses: BigUint64Array;
  // Where in the text the names begin.
  readonly #names: Uint32Array;

  constructor(text: Buffer) {
    this.#text = text;
    const rows = scan(text);
    const order = sortedOrder(rows);
    this.length = rows.length;
    this.#names = order.map((row) => rows.names[row]!);
    // Little-endian halves of each address.
    const halves = new Uint32Array(2 * order.length);
    for (let i = 0; i < order.length; i++) {
      halves[2 * i] = rows.low[order[i]!]!;
      halves[2 * i + 1] = rows.high[order[i]!]!;
    }
    this.#addresses = new BigUint64Array(halves.buffer);
  }

  address(index: number): bigint {
    return this.#addresses[index] ?? 0n;
  }

  name(index: number): { readonly symbol: string; readonly module: string } {
    const from = this.#names[index] ?? 0;
    const end = this.#text.indexOf(newline, from);
    const line = this.#text.toString('latin1', from, end < 0 ? this.#text.length : end);
    const cut = line.indexOf(String.fromCharCode(tab));
    if (cut < 0) return { symbol: line, module: 'kernel' };
    return { symbol: line.slice(0, cut), module: line.slice(cut + 1).replace(/^\[|\]$/g, '') };
  }

  /** The last one that begins at the address or before; -1 where none does. */
  lastUpTo(address: bigint): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.address(middle) <= address) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** Addresses in halves, which are quicker than bigints, and where the names begin. */
interface Rows {
  readonly length: number;
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly names: Uint32Array;
}

// One pass over the bytes: there are some hundred thousand lines.
function scan(text: Buffer): Rows {
  const room = Math.ceil(text.length / shortestLine);
  const high = new Uint32Array(room);
  const low = new Uint32Array(room);
  const names = new Uint32Array(room);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let upper = 0;
    let lower = 0;
    for (let byte = text[at]!; byte !== space && at < text.length; byte = text[++at]!) {
      const digit = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
      upper = (upper << 4) | (lower >>> 28);
      lower = (lower << 4) | digit;
    }
    if (codeTypes.has(text[at + 1]!) && (upper !== 0 || lower !== 0)) {
      high[length] = upper;
      low[length] = lower;
      names[length++] = at + 3;
    }
    while (at < text.length && text[at] !== newline) at++;
  }
  return { length, high, low, names };
}

function sortedOrder({ length, high, low }: Rows): Uint32Array {
  const order = new Uint32Array(length);
  const compare = (a: number, b: number): number => high[a]! - high[b]! || low[a]! - low[b]!;
  let isSorted = true;
  for (let i = 1; i < length; i++) {
    order[i] = i;
    isSorted &&= compare(i - 1, i) <= 0;
  }
  // The kernel's own come sorted; modules' behind them need not.
  return isSorted ? order : order.sort((a, b) => compare(a, b) || a - b);
}

const underscores = (name: string): number => /^_*/.exec(name)?.[0].length ?? 0;

/** Negative where people know `a` rather than `b`: kfree, not __kfree. */
export const compareNames = (a: string, b: string): number =>
  underscores(a) - underscores(b) || a.length - b.length;
