import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';

import { Failure } from '../errors/failure.ts';

const require = createRequire(import.meta.url);

/** A file of the package by its path from the package's root, e.g. `dist/bpf/heap.bpf.o`. Errors: Failure `not-built`. */
export function builtFile(path: string): string {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  if (!existsSync(file)) throw new Failure('not-built', { file });
  return file;
}

/** Loads build/Release/NAME.node. Errors: Failure `not-built`; whatever the dynamic linker says, e.g. a missing library. */
export function loadAddon<T>(name: string): T {
  return require(builtFile(`build/Release/${name}.node`)) as T;
}
