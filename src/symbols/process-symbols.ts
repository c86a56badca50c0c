import { basename } from 'node:path';

import type { Frame } from '../domain/stack.ts';
import type { MapRow } from '../system/maps.ts';
import { openMapped } from '../system/open-object.ts';
import { demangle } from './demangle.ts';
import type { Module, ModuleCache } from './module-cache.ts';
import { PerfMap } from './perf-map.ts';

/** A mapped range of code, and what is known of its file. */
interface Region {
  readonly start: bigint;
  readonly end: bigint;
  readonly offset: bigint;
  readonly path: string;
  readonly module: Module | null;
}

const isCode = (row: MapRow): boolean => row.permissions.includes('x');

/** Names for the addresses of one process image. What was once mapped stays known, so that it outlives dlclose() and the process. */
export class ProcessSymbols {
  readonly #pid: number;
  readonly #modules: ModuleCache;
  readonly #perfMap: PerfMap;
  // Sorted by start, disjoint.
  #regions: Region[] = [];

  constructor(pid: number, modules: ModuleCache) {
    this.#pid = pid;
    this.#modules = modules;
    this.#perfMap = new PerfMap(pid);
  }

  /** Takes the process's mappings in; a new mapping wins over an old one at the same place. */
  update(rows: readonly MapRow[]): void {
    const fresh = rows.filter(isCode).map((row) => this.#known(row) ?? this.#open(row));
    const kept = this.#regions.filter(
      (old) => !fresh.some((region) => region.start < old.end && old.start < region.end),
    );
    this.#regions = [...kept, ...fresh].sort((a, b) => (a.start < b.start ? -1 : 1));
  }

  #known(row: MapRow): Region | undefined {
    const at = this.#find(row.start);
    return at?.start === row.start && at.end === row.end && at.path === row.path ? at : undefined;
  }

  #open(row: MapRow): Region {
    const { start, end, offset, path } = row;
    if (row.inode === 0) return { start, end, offset, path, module: null };
    const opened = openMapped(this.#pid, row);
    const module = 'fd' in opened ? this.#modules.take(opened, this.#pid) : null;
    return { start, end, offset, path, module };
  }

  #find(address: bigint): Region | undefined {
    let low = 0;
    let high = this.#regions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#regions[middle]?.start ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const region = this.#regions[low - 1];
    return region !== undefined && address < region.end ? region : undefined;
  }

  /** Whether the address lies in a mapping that is known. */
  covers(address: bigint): boolean {
    return this.#find(address - 1n) !== undefined;
  }

  /**
   * Frames of a stack of return addresses, innermost first: looked up at the call, one byte before, and printed with the offset
   * of the return address itself. `leafIsExact`: the first address is where the thread stands, not a return address.
   */
  resolve(addresses: readonly bigint[], leafIsExact: boolean): Frame[] {
    return addresses.map((address, i) =>
      this.#frame(address, leafIsExact && i === 0 ? 0n : 1n, i === addresses.length - 1),
    );
  }

  #frame(address: bigint, back: bigint, isLast: boolean): Frame {
    const region = this.#find(address - back);
    if (region === undefined) return { address, symbol: null, offset: 0, module: null };
    if (region.path === '') return this.#jitFrame(address, back);
    const named = { address, module: basename(region.path), path: region.path };
    const offset = Number(address - back - region.start + region.offset);
    if (region.module === null) return { ...named, symbol: null, offset: offset + Number(back) };
    const { elf } = region.module;
    const [name] = elf.names([offset]);
    const hides = !isLast && elf.keepsFramePointer(offset) === false ? { mayHideCaller: true } : {};
    return name
      ? { ...named, ...hides, symbol: demangle(name.symbol), offset: name.offset + Number(back) }
      : { ...named, symbol: null, offset: virtualAddress(region.module, offset) + Number(back) };
  }

  #jitFrame(address: bigint, back: bigint): Frame {
    const name = this.#perfMap.find(address - back);
    return name
      ? { address, symbol: name.symbol, offset: name.offset + Number(back), module: 'jit' }
      : { address, symbol: null, offset: 0, module: 'jit' };
  }

  /** The file behind an address and its offset in it, for source lines; null where it has none. */
  locate(frame: Frame): { readonly module: Module; readonly offset: number } | null {
    const region = this.#find(frame.address - 1n);
    if (region === undefined || region.module === null) return null;
    return {
      module: region.module,
      offset: Number(frame.address - 1n - region.start + region.offset),
    };
  }
}

/** As objdump shows it. */
function virtualAddress(module: Module, offset: number): number {
  const segment = module.elf.facts.segments.find(
    (each) => each.executable && offset >= each.offset && offset < each.offset + each.fileSize,
  );
  return segment === undefined ? offset : offset - segment.offset + segment.vaddr;
}
