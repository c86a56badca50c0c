import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** The directory by which a guest and its host exchange files; these tests run in guests only. */
const exchange = process.env['MEMTRACE_GUEST'] ?? '';

/** What the kernel is known to lack, by the name that tests require it by, and why. */
export const lacks = JSON.parse(process.env['MEMTRACE_LACKS'] ?? '{}') as Readonly<
  Record<string, string>
>;

export const isLacking = (capability: string): boolean => lacks[capability] !== undefined;

/** Leaves a file for the host. */
export const leave = (name: string, text: string): void =>
  writeFileSync(path.join(exchange, name), text);
