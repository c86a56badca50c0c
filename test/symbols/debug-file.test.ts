import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { withLines } from '../../src/symbols/lines.ts';
import { requires } from '../support/require.ts';
import { run } from '../support/run.ts';
import { buildNames, Names } from './names-program.ts';

const withBuildId = (): string => buildNames('gcc', ['-g', '-Wl,--build-id']);
const withoutBuildId = (): string => buildNames('gcc', ['-g', '-Wl,--build-id=none']);
const statically = (): string => buildNames('gcc', ['-g', '-static', '-Wl,--build-id']);

let folder = '';
let names: Names | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'memtrace-debug-'));
});

afterEach(() => {
  names?.close();
  names = undefined;
  rmSync(folder, { recursive: true });
});

interface Split {
  readonly whole: string;
  /** Where the debug file goes, below the folder; whatever is there already is linked to. */
  readonly debugFile?: string;
  /** Taken for the debug file instead. */
  readonly instead?: string;
}

/** A stripped program in the folder, and its debug file. */
function split({ whole, debugFile, instead }: Split): string {
  const stripped = path.join(folder, 'names');
  const debug = path.join(folder, 'names.debug');
  run('objcopy', '--only-keep-debug', whole, debug);
  run('objcopy', '--strip-all', `--add-gnu-debuglink=${debug}`, whole, stripped);
  if (instead !== undefined) run('objcopy', '--only-keep-debug', instead, debug);
  if (debugFile === undefined) rmSync(debug);
  else if (path.join(folder, debugFile) !== debug) {
    const to = path.join(folder, debugFile);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(debug, to);
    rmSync(debug);
  }
  return stripped;
}

const symbolsOf = ({ symbols, addresses }: Names): (string | null)[] =>
  symbols.resolve(addresses, false).map(({ symbol }) => symbol);

const found = ['inner', 'middle', 'outer', 'main'];
const none = [null, null, null, null];

describe('a separate debug file', () => {
  test.each([
    ['beside the program', withBuildId, 'names.debug'],
    ['in .debug beside it', withBuildId, '.debug/names.debug'],
    ['beside the program, told by its checksum alone', withoutBuildId, 'names.debug'],
    ['in .debug beside it, told by its checksum alone', withoutBuildId, '.debug/names.debug'],
  ])('is found %s', async (_, build, debugFile) => {
    names = await Names.start([split({ whole: build(), debugFile })]);
    expect(symbolsOf(names)).toEqual(found);
  });

  test.each([
    ['another build id', withBuildId, () => buildNames('gcc', ['-g', '-O0', '-Wl,--build-id'])],
    ['another checksum', withoutBuildId, () => buildNames('gcc', ['-g3', '-Wl,--build-id=none'])],
  ])('with %s is not believed', async (_, build, other) => {
    const program = split({ whole: build(), debugFile: 'names.debug', instead: other() });
    names = await Names.start([program]);
    expect(symbolsOf(names)).toEqual(none);
  });

  test('that is not there leaves addresses', async () => {
    names = await Names.start([split({ whole: withBuildId() })]);
    expect(symbolsOf(names)).toEqual(none);
  });

  test('has the source lines too', async () => {
    names = await Names.start([split({ whole: withBuildId(), debugFile: 'names.debug' })]);
    const frames = await withLines(names.symbols, names.symbols.resolve(names.addresses, false));
    expect(frames.map(({ line }) => line)).toEqual([
      ...names.inlinedLines,
      ...names.calls.map(({ line }) => line),
    ]);
  });

  const canChroot = requires('root', process.getuid?.() === 0, 'chroot');
  test.skipIf(!canChroot)('is found by build id in the target’s own root', async () => {
    const whole = statically();
    const [, id = ''] = /Build ID: ([0-9a-f]+)/.exec(run('readelf', '-n', whole)) ?? [];
    split({ whole, debugFile: `usr/lib/debug/.build-id/${id.slice(0, 2)}/${id.slice(2)}.debug` });
    names = await Names.start(['chroot', folder, '/names']);
    expect(symbolsOf(names)).toEqual(found);
    expect(names.symbols.resolve(names.addresses, false)[0]?.path).toBe('/names');
  });

  test.skipIf(!canChroot)('is found by its link below usr/lib/debug of that root', async () => {
    split({ whole: statically(), debugFile: 'usr/lib/debug/names.debug' });
    names = await Names.start(['chroot', folder, '/names']);
    expect(symbolsOf(names)).toEqual(found);
  });
});
