import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folders = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
];

/** The path of an installed shared library with a version (libjemalloc.so.2), or null. */
export function library(name: string): string | null {
  for (const folder of folders.filter((each) => existsSync(each))) {
    const file = readdirSync(folder).find((entry) => entry.startsWith(`${name}.so.`));
    if (file !== undefined) return path.join(folder, file);
  }
  return null;
}

/** The path of a program that is looked for in PATH and where root's programs are, or null. */
export function program(name: string): string | null {
  const searched = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return searched.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;
}
