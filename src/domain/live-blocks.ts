import type { Blocks, LeakSnapshot } from './leak-snapshot.ts';
import { bytes, milliseconds, type Bytes, type Milliseconds } from './units.ts';

/** Bytes, and the blocks that they are in. */
export interface Amount {
  readonly bytes: Bytes;
  readonly blocks: number;
}

/** One outstanding block. */
export interface LiveBlock {
  readonly address: bigint;
  readonly size: Bytes;
  readonly age: Milliseconds;
}

/** The outstanding blocks of a snapshot by site, as an order over its columns: there may be millions. */
export class LiveBlocks {
  readonly #blocks: Blocks;
  readonly #elapsed: Milliseconds;
  /** Indexes of blocks, those of a site beside each other. */
  readonly #order: Uint32Array;
  /** Where in `#order` the blocks of each site begin; one more at the end. */
  readonly #starts: Uint32Array;

  private constructor(snapshot: LeakSnapshot, blocks: Blocks, olderThan: Milliseconds) {
    this.#blocks = blocks;
    this.#elapsed = snapshot.elapsed;
    const siteCount = snapshot.sites.length;
    const siteOf = (i: number): number => {
      const site = blocks.site[i] ?? -1;
      return site < siteCount && this.#age(i) >= olderThan ? site : -1;
    };
    this.#starts = new Uint32Array(siteCount + 1);
    for (let i = 0; i < blocks.length; i++) {
      const site = siteOf(i);
      if (site >= 0) this.#starts[site + 1]! += 1;
    }
    for (let site = 0; site < siteCount; site++) this.#starts[site + 1]! += this.#starts[site]!;
    this.#order = new Uint32Array(this.#starts[siteCount] ?? 0);
    const next = this.#starts.slice();
    for (let i = 0; i < blocks.length; i++) {
      const site = siteOf(i);
      if (site >= 0) this.#order[next[site]!++] = i;
    }
  }

  /** Those that are at least `olderThan` old; null where the snapshot was taken without blocks. */
  static of(snapshot: LeakSnapshot, olderThan: Milliseconds): LiveBlocks | null {
    const { blocks } = snapshot;
    return blocks === undefined ? null : new LiveBlocks(snapshot, blocks, olderThan);
  }

  #age(i: number): Milliseconds {
    return milliseconds(Math.max(0, this.#elapsed - (this.#blocks.bornAt[i] ?? 0)));
  }

  *#indexes(sites: readonly number[]): Iterable<number> {
    for (const site of sites) {
      const end = this.#starts[site + 1] ?? 0;
      for (let at = this.#starts[site] ?? 0; at < end; at++) yield this.#order[at]!;
    }
  }

  /** What the blocks of these sites (indexes in the snapshot) hold. */
  amount(sites: readonly number[]): Amount {
    let size = 0;
    let count = 0;
    for (const i of this.#indexes(sites)) {
      size += this.#blocks.size[i] ?? 0;
      count++;
    }
    return { bytes: bytes(size), blocks: count };
  }

  /** Null where there is none. */
  oldest(sites: readonly number[]): Milliseconds | null {
    let most: Milliseconds | null = null;
    for (const i of this.#indexes(sites)) {
      const age = this.#age(i);
      if (most === null || age > most) most = age;
    }
    return most;
  }

  /** The blocks of these sites, largest first, then oldest first. */
  list(sites: readonly number[]): LiveBlock[] {
    return Array.from(this.#indexes(sites), (i) => ({
      address: this.#blocks.address[i] ?? 0n,
      size: bytes(this.#blocks.size[i] ?? 0),
      age: this.#age(i),
    })).sort((a, b) => b.size - a.size || b.age - a.age || (a.address < b.address ? -1 : 1));
  }
}
