import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { openElf } from '../../src/native/elf-addon.ts';
import { openLines } from '../../src/symbols/lines-addon.ts';
import { requires } from '../support/require.ts';

const folder = mkdtempSync(join(tmpdir(), 'memtrace-inlined-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  readonly title: string;
  readonly compiler: readonly [string, ...string[]];
  readonly sources: Readonly<Record<string, string>>;
  /** The function that has the code, as it is linked. */
  readonly symbol: string;
  /** `FUNCTION FILE:LINE` of the innermost function, and of each that it was inlined into. */
  readonly chain: readonly string[];
}

const cases: readonly Case[] = [
  {
    title: 'in another unit, as link-time optimization inlines them',
    compiler: ['gcc', '-flto'],
    sources: {
      'row.c': 'long take(long n);\n\nlong row(long n)\n{\n  return take(n);\n}\n',
      'serve.c':
        'long row(long n);\n__attribute__((visibility("default")))\nlong serve(long n)\n{\n  return row(n) + 1;\n}\n',
    },
    symbol: 'serve',
    chain: ['row row.c:5', 'serve serve.c:5'],
  },
  {
    title: 'in a namespace, two of them into one',
    compiler: ['clang++', '-xc++'],
    sources: {
      'shop.cc':
        'long take(long n);\nnamespace shop {\nstatic inline long row(long n) {\n  return take(n);\n}\n' +
        'static inline long table(long n) {\n  return row(n * 8);\n}\n' +
        '__attribute__((visibility("default")))\nlong serve(long n) {\n  return table(n) + 1;\n}\n}\n',
    },
    symbol: '_ZN4shop5serveEl',
    chain: [
      '_ZN4shopL3rowEl shop.cc:4',
      '_ZN4shopL5tableEl shop.cc:7',
      '_ZN4shop5serveEl shop.cc:11',
    ],
  },
];

function build({ compiler: [compiler, ...flags], sources, symbol }: Case): string {
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text);
  const built = join(folder, symbol);
  execFileSync(
    compiler,
    [
      ...flags,
      '-O2',
      '-g',
      '-fPIC',
      '-shared',
      '-fvisibility=hidden',
      '-o',
      built,
      ...Object.keys(sources),
    ],
    { cwd: folder, stdio: 'pipe' },
  );
  return built;
}

/** Every chain of positions that the code of a function has, each once. */
async function chainsOf(path: string, symbol: string): Promise<string[][]> {
  const fd = openSync(path, 'r');
  const elf = openElf(fd);
  const table = openLines(fd, null);
  try {
    const [fn] = elf.functions([symbol]);
    if (fn === undefined || table === null)
      throw new Error(`${symbol}: no such function, or no libdw`);
    const offsets = Array.from({ length: fn.size }, (_, i) => fn.offset + i);
    const chains = (await table.lines(offsets)).map((positions) =>
      positions.map((at) => `${at.symbol} ${basename(at.file ?? '')}:${at.line}`),
    );
    return [...new Map(chains.map((chain) => [chain.join(), chain])).values()];
  } finally {
    table?.close();
    elf.close();
    closeSync(fd);
  }
}

const hasLibdw = ((): boolean => {
  const fd = openSync(process.execPath, 'r');
  const table = openLines(fd, null);
  table?.close();
  closeSync(fd);
  return table !== null;
})();

describe.skipIf(!requires('libdw', hasLibdw, 'the addon `lines` does not load'))(
  'inlined functions are told',
  () => {
    test.each(cases)('where they were written $title', async (each) => {
      expect(await chainsOf(build(each), each.symbol)).toContainEqual(each.chain);
    });
  },
);
