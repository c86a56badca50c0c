import { basename } from 'node:path';

import { MappingTable } from '../domain/mapping-table.ts';
import type { Frame } from '../domain/stack.ts';
import type { MapRow } from '../system/maps.ts';
import { openMapped } from '../system/open-object.ts';
import type { ModuleCache } from './module-cache.ts';
import type { Module } from './module.ts';
import { PerfMap } from './perf-map.ts';

/** A mapping of code, and what is known of its file. */
interface Region {
  readonly row: MapRow;
  readonly module: Module | null;
}

interface Place {
  readonly module: Module;
  /** File offset, bytes. */
  readonly offset: number;
}

/** Names for the addresses of one process image. What was once mapped stays known, so that it outlives dlclose() and the process. */
export class ProcessSymbols {
  readonly #pid: number;
  readonly #modules: ModuleCache;
  readonly #perfMap: PerfMap;
  readonly #regions = new MappingTable<Region>();

  constructor(pid: number, modules: ModuleCache) {
    this.#pid = pid;
    this.#modules = modules;
    this.#perfMap = new PerfMap(pid);
  }

  /** Takes the process's mappings in; a new mapping wins over an old one at the same place. */
  update(rows: readonly MapRow[]): void {
    for (const row of rows) {
      if (!row.permissions.includes('x') || this.#knows(row)) continue;
      const region = { row, module: this.#open(row) };
      this.#regions.map(row.start, Number(row.end - row.start), region);
    }
    if (rows.some(mayBeJit)) this.#perfMap.open();
  }

  #knows(row: MapRow): boolean {
    const at = this.#regions.find(row.start);
    return at?.start === row.start && at.end === row.end && isSame(at.facts.row, row);
  }

  #open(row: MapRow): Module | null {
    if (row.inode === 0) return null;
    const opened = openMapped(this.#pid, row);
    return 'fd' in opened ? this.#modules.take(opened, this.#pid) : null;
  }

  /** Whether the address lies in a mapping that is known. */
  covers(address: bigint): boolean {
    return this.#regions.find(address) !== undefined;
  }

  /**
   * Frames of a stack of return addresses, innermost first: looked up at the call, one byte before, and printed with the offset
   * of the return address itself. `leafIsExact`: the first address is where the thread stands, not a return address.
   */
  resolve(addresses: readonly bigint[], leafIsExact: boolean): Frame[] {
    this.#perfMap.refresh();
    return addresses.map((address, i) =>
      this.#frame(address, leafIsExact && i === 0 ? 0 : 1, i === addresses.length - 1),
    );
  }

  #frame(address: bigint, back: 0 | 1, isLast: boolean): Frame {
    const region = this.#regions.find(address - BigInt(back))?.facts;
    if (region === undefined) return { address, symbol: null, offset: 0, module: null };
    const { row, module } = region;
    const offset = fileOffset(address - BigInt(back), row);
    if (module === null) return this.#unfiledFrame(address, back, row, offset + back);
    const name = module.name(offset);
    return {
      address,
      symbol: name?.symbol ?? null,
      offset: (name?.offset ?? module.virtualAddress(offset)) + back,
      module: basename(row.path),
      path: row.path,
      ...(!isLast && module.hidesCaller(offset) ? { mayHideCaller: true } : {}),
    };
  }

  // Code of a JIT, the kernel's own pages such as [vdso], or a file that could not be opened.
  #unfiledFrame(address: bigint, back: 0 | 1, row: MapRow, offset: number): Frame {
    const name = mayBeJit(row) ? this.#perfMap.find(address - BigInt(back)) : null;
    if (name !== null)
      return { address, symbol: name.symbol, offset: name.offset + back, module: 'jit' };
    if (isAnonymous(row)) return { address, symbol: null, offset: 0, module: 'jit' };
    return { address, symbol: null, offset, module: basename(row.path), path: row.path };
  }

  /** The file behind a frame's call and its offset in it, for source lines; null where it has none. */
  locate(frame: Frame): Place | null {
    const call = frame.address - 1n;
    const region = this.#regions.find(call)?.facts;
    if (region === undefined || region.module === null) return null;
    return { module: region.module, offset: fileOffset(call, region.row) };
  }

  /** Closes what the image holds of its own; the modules are the cache's. */
  close(): void {
    this.#perfMap.close();
  }
}

const fileOffset = (address: bigint, row: MapRow): number =>
  Number(address - row.start + row.offset);

const isSame = (a: MapRow, b: MapRow): boolean =>
  a.path === b.path && a.inode === b.inode && a.device === b.device && a.offset === b.offset;

const isAnonymous = ({ path }: MapRow): boolean => path === '' || path.startsWith('[anon');

// Runtimes also map their code twice, from a memfd or from shared memory without a name.
const mayBeJit = (row: MapRow): boolean =>
  row.permissions.includes('x') &&
  (isAnonymous(row) || /^\/(memfd:|dev\/zero|dev\/shm\/)|^\[heap\]/.test(row.path));
