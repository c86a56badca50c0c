/** A range of addresses that is mapped, in whole pages. */
export interface MappedRange {
  readonly start: bigint;
  readonly end: bigint;
}

const pageSize = 4096n;
const pageEnd = (address: bigint): bigint => (address + pageSize - 1n) & ~(pageSize - 1n);

/**
 * The mappings of one address space by interval arithmetic: a later mapping replaces what it covers (MAP_FIXED), an unmap
 * cuts out exactly its range, and what is left of a mapping keeps its facts.
 */
export class MappingTable<Facts> {
  // Sorted by start, disjoint.
  #ranges: (MappedRange & { readonly facts: Facts })[] = [];

  #firstEndingAfter(address: bigint): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const range = this.#ranges[middle];
      if (range !== undefined && range.end > address) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The mapping that an address lies in. */
  find(address: bigint): (MappedRange & { readonly facts: Facts }) | undefined {
    const range = this.#ranges[this.#firstEndingAfter(address)];
    return range !== undefined && range.start <= address ? range : undefined;
  }

  map(address: bigint, size: number, facts: Facts): void {
    const end = pageEnd(address + BigInt(size));
    if (end <= address) return;
    this.unmap(address, size);
    this.#ranges.splice(this.#firstEndingAfter(address), 0, { start: address, end, facts });
  }

  /** Cuts the range out; returns what was known of it, in order. */
  unmap(address: bigint, size: number): (MappedRange & { readonly facts: Facts })[] {
    const end = pageEnd(address + BigInt(size));
    if (end <= address) return [];
    const first = this.#firstEndingAfter(address);
    const removed: (MappedRange & { readonly facts: Facts })[] = [];
    const kept: (MappedRange & { readonly facts: Facts })[] = [];
    let next = first;
    for (; next < this.#ranges.length; next++) {
      const range = this.#ranges[next];
      if (range === undefined || range.start >= end) break;
      if (range.start < address) kept.push({ ...range, end: address });
      if (range.end > end) kept.push({ ...range, start: end });
      removed.push({
        start: range.start < address ? address : range.start,
        end: range.end > end ? end : range.end,
        facts: range.facts,
      });
    }
    this.#ranges.splice(first, next - first, ...kept);
    return removed;
  }

  /**
   * mremap: the old range goes, and so does what lay at the new one, which keeps the old facts where they are known. An old
   * size of 0 makes a second mapping of the same pages.
   */
  remap(from: bigint, oldSize: number, to: bigint, size: number): void {
    const known = oldSize === 0 ? this.find(from) : this.unmap(from, oldSize)[0];
    if (known === undefined) this.unmap(to, size);
    else this.map(to, size, known.facts);
  }

  ranges(): readonly (MappedRange & { readonly facts: Facts })[] {
    return this.#ranges;
  }
}
