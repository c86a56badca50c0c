import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { output } from '../tool.ts';
import type { Patterns } from './compare.ts';
import { forms } from './forms.ts';
import { type BtfDump, relocationsOf } from './pattern.ts';
import { askedTypes } from './questions.ts';

const objects = path.resolve(import.meta.dirname, '../../../dist/bpf');

/** What a kernel is for each form of our objects. */
export interface OnKernel {
  readonly patterns: Patterns;
  /** What it lacks, by the title of the form. */
  readonly lacks: ReadonlyMap<string, string>;
}

/** `btf`: the kernel's. */
export async function objectsOn(btf: string): Promise<OnKernel> {
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
        ? [...(await relocations(btf, object)), ...types.answers()]
        : [`lacks: ${object.lacks}`],
    );
  }
  return { patterns, lacks };
}

async function relocations(btf: string, object: string): Promise<string[]> {
  const file = path.join(objects, `${object}.bpf.o`);
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
