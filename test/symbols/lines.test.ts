import { afterEach, describe, expect, test } from 'vitest';

import { withLines } from '../../src/symbols/lines.ts';
import { program } from '../support/library.ts';
import { requires } from '../support/require.ts';
import { buildNames, Names } from './names-program.ts';

let names: Names | undefined;

afterEach(() => {
  names?.close();
  names = undefined;
});

const compilers = [
  ['gcc', 'DWARF 5', ['-gdwarf-5']],
  ['gcc', 'DWARF 4', ['-gdwarf-4']],
  ['gcc', 'compressed', ['-g', '-gz']],
  ['clang', 'DWARF 5 without .debug_aranges', ['-gdwarf-5', '-gno-pubnames']],
  ['clang', 'DWARF 4', ['-gdwarf-4']],
] as const;

const expectedSymbols = ['inlined_deepest', 'inlined_between', 'inner', 'middle', 'outer', 'main'];

describe('source lines', () => {
  for (const [compiler, what, flags] of compilers) {
    const there = requires(compiler, program(compiler) !== null, `the program is built with it`);
    test.skipIf(!there)(
      `of ${compiler}’s ${what} are those of the calls, with what was inlined`,
      async () => {
        names = await Names.start([buildNames(compiler, flags)]);
        const plain = names.symbols.resolve(names.addresses, false);
        const frames = await withLines(names.symbols, plain);
        expect(frames.map(({ symbol }) => symbol)).toEqual(expectedSymbols);
        expect(frames.map(({ line }) => line)).toEqual([
          ...names.inlinedLines,
          ...names.calls.map(({ line }) => line),
        ]);
        expect(frames.every(({ file }) => file?.endsWith('/program.c') === true)).toBe(true);
        expect(frames.map(({ inlined = false }) => inlined)).toEqual([
          true,
          true,
          false,
          false,
          false,
          false,
        ]);
        // What is not inlined is as it was.
        expect(frames.slice(2).map(({ file: _file, line: _line, ...frame }) => frame)).toEqual(
          plain,
        );
      },
    );
  }

  test('that nothing tells leave the frames as they are', async () => {
    names = await Names.start([buildNames('gcc', ['-g0'])]);
    const plain = names.symbols.resolve(names.addresses, false);
    expect(plain.map(({ symbol }) => symbol)).toEqual(expectedSymbols.slice(2));
    expect(await withLines(names.symbols, plain)).toEqual(plain);
  });

  test('are read from the open file when the process is gone', async () => {
    names = await Names.start([buildNames('gcc', ['-gdwarf-5'])]);
    names.target.kill();
    await names.target.exited;
    const frames = await withLines(names.symbols, names.symbols.resolve(names.addresses, false));
    expect(frames.map(({ line }) => line).slice(2)).toEqual(names.calls.map(({ line }) => line));
  });

  test('may be asked for twice at once, and again', async () => {
    names = await Names.start([buildNames('gcc', ['-gdwarf-5'])]);
    const { symbols, addresses } = names;
    const plain = symbols.resolve(addresses, false);
    const [first, second] = await Promise.all([
      withLines(symbols, plain),
      withLines(symbols, plain),
    ]);
    expect(first).toHaveLength(expectedSymbols.length);
    expect(second).toEqual(first);
    expect(await withLines(symbols, plain)).toEqual(first);
  });

  test('of a frame outside of every file are none', async () => {
    names = await Names.start([buildNames('gcc', ['-gdwarf-5'])]);
    const plain = names.symbols.resolve([0x1000n], false);
    expect(await withLines(names.symbols, plain)).toEqual(plain);
  });
});
