import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Unreachable } from '../download.ts';
import { output } from '../tool.ts';
import type { Patterns } from './compare.ts';
import { forms } from './forms.ts';
import { type BtfDump, relocationsOf } from './pattern.ts';
import { askedTypes } from './questions.ts';

const dist = path.resolve(import.meta.dirname, '../../../dist');

/** Where our objects for an architecture lie, by Debian's name for it. */
const foldersOfObjects: Readonly<Record<string, string>> = {
  amd64: `${dist}/bpf`,
  arm64: `${dist}/bpf-aarch64`,
};

/** What a kernel is for each form of our objects. */
export interface OnKernel {
  readonly patterns: Patterns;
  /** What it lacks, by the title of the form. */
  readonly lacks: ReadonlyMap<string, string>;
}

/** `btf`: the kernel's. Throws Unreachable where our objects were not built for the architecture. */
export async function objectsOn(btf: string, architecture: string): Promise<OnKernel> {
  const folder = foldersOfObjects[architecture];
  if (folder === undefined || !existsSync(folder))
    throw new Unreachable(`there are no objects for ${architecture} here (scripts/build-bpf)`);
  const patterns = new Map<string, readonly string[]>();
  const lacks = new Map<string, string>();
  const known = new Map<string, unknown>();
  for (const { title, choose } of forms) {
    const types = askedTypes(btf, known);
    const object = choose(types);
    if (typeof object !== 'string') lacks.set(title, object.lacks);
    patterns.set(
      title,
      typeof object === 'string'
        ? [...(await relocations(btf, path.join(folder, `${object}.bpf.o`))), ...types.answers()]
        : [`lacks: ${object.lacks}`],
    );
  }
  return { patterns, lacks };
}

async function relocations(btf: string, file: string): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'memtrace-types-'));
  const kept = path.join(folder, 'kept.btf');
  try {
    await output('bpftool', 'gen', 'min_core_btf', btf, kept, file);
    return relocationsOf(await dump(kept), await dump(file));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const dump = async (file: string): Promise<BtfDump> =>
  JSON.parse(
    (await output('bpftool', '--json', 'btf', 'dump', 'file', file)).toString('utf8'),
  ) as BtfDump;
