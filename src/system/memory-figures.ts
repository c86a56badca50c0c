import { readFile } from 'node:fs/promises';

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
