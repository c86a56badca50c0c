import { readFile } from 'node:fs/promises';
import type { MemoryFigures } from '../domain/triage/memory.ts';
import { bytes, type Bytes } from '../domain/units.ts';

/** Lines `Name:  1234 kB` of /proc/meminfo, in bytes; those without a unit as they stand. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const [, name = '', value, unit] of text.matchAll(/^([^:\n]+):\s+(\d+)( kB)?$/gm)) {
    figures.set(name, Number(value) * (unit === undefined ? 1 : 1024));
  }
  return figures;
}

/** Lines `name 1234` of /proc/vmstat. */
export function parseVmstat(text: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const [, name = '', value] of text.matchAll(/^(\w+) (\d+)$/gm)) {
    figures.set(name, Number(value));
  }
  return figures;
}

export const readMeminfo = async (): Promise<ReadonlyMap<string, number>> =>
  parseMeminfo(await readFile('/proc/meminfo', 'utf8'));

export const readVmstat = async (): Promise<ReadonlyMap<string, number>> =>
  parseVmstat(await readFile('/proc/vmstat', 'utf8'));

/** The figures of /proc/meminfo by what they are; null where the text has no MemTotal. */
export function memoryFigures(lines: ReadonlyMap<string, number>): MemoryFigures | null {
  const total = lines.get('MemTotal');
  if (total === undefined) return null;
  const figure = (name: string): Bytes | null => {
    const value = lines.get(name);
    return value === undefined ? null : bytes(value);
  };
  const certain = (name: string): Bytes => figure(name) ?? bytes(0);
  return {
    total: bytes(total),
    free: certain('MemFree'),
    available: figure('MemAvailable'),
    buffers: certain('Buffers'),
    cached: certain('Cached'),
    swapCached: figure('SwapCached'),
    activeFile: figure('Active(file)'),
    inactiveFile: figure('Inactive(file)'),
    unevictable: figure('Unevictable'),
    mlocked: figure('Mlocked'),
    swapTotal: certain('SwapTotal'),
    swapFree: certain('SwapFree'),
    zswap: figure('Zswap'),
    zswapped: figure('Zswapped'),
    dirty: certain('Dirty'),
    writeback: certain('Writeback'),
    anonymous: figure('AnonPages'),
    mapped: figure('Mapped'),
    shmem: figure('Shmem'),
    slab: figure('Slab'),
    slabReclaimable: figure('SReclaimable'),
    slabUnreclaimable: figure('SUnreclaim'),
    kernelStack: figure('KernelStack'),
    pageTables: figure('PageTables'),
    perCpu: figure('Percpu'),
    vmallocUsed: figure('VmallocUsed'),
    commitLimit: figure('CommitLimit'),
    committed: figure('Committed_AS'),
    anonymousHuge: figure('AnonHugePages'),
    hugetlb: figure('Hugetlb') ?? defaultHugePages(lines),
  };
}

/** Before Linux 4.21 there is no sum of all sizes: those of the default size are most of them. */
function defaultHugePages(lines: ReadonlyMap<string, number>): Bytes | null {
  const count = lines.get('HugePages_Total');
  const size = lines.get('Hugepagesize');
  return count === undefined || size === undefined ? null : bytes(count * size);
}
