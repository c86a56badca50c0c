import { writeFileSync } from 'node:fs';
import path from 'node:path';

import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** What the kernel is known to lack, for which the test was skipped. */
    lacks?: string;
  }
}

/** The directory by which a guest and its host exchange files; of a guest only. */
const exchange = process.env['MEMTRACE_GUEST'] ?? '';

/** What the kernel is known to lack, by the name that tests require it by, and why; nothing outside of a guest. */
export const lacks = JSON.parse(process.env['MEMTRACE_LACKS'] ?? '{}') as Readonly<
  Record<string, string>
>;

export const isLacking = (capability: string): boolean => lacks[capability] !== undefined;

/** Skips the test by the name of what the kernel is known to lack. */
export function skipForLack(capability: string, { task, skip }: TestContext): void {
  task.meta.lacks = capability;
  skip(`${capability}: ${lacks[capability]}`);
}

/** Leaves a file for the host. */
export const leave = (name: string, text: string): void =>
  writeFileSync(path.join(exchange, name), text);
