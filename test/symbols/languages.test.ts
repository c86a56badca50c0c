import { closeSync, openSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import { openElf } from '../../src/native/elf-addon.ts';
import { demangle } from '../../src/symbols/demangle.ts';
import { buildTarget } from '../support/build-target.ts';
import { compile } from '../support/compile.ts';
import { program } from '../support/library.ts';
import { requires } from '../support/require.ts';
import { run } from '../support/run.ts';

const cxx = `
#include <memory>
#include <vector>
namespace shop {
template <typename T> struct Cart {
  std::vector<T> goods;
  __attribute__((noinline)) void add(const T& good) { goods.push_back(good); }
};
struct Till { __attribute__((noinline)) virtual int operator()(int paid) const { return paid; } };
template struct Cart<std::unique_ptr<int>*>;
}
int main() { shop::Till till; return till(0); }
`;

/** Names of all code in a program, as its table has them, demangled. */
function namesIn(path: string): Set<string> {
  const symbols = run('nm', '--defined-only', path)
    .split('\n')
    .flatMap((line) => /^[0-9a-f]+ [tTW] (.+)$/.exec(line)?.[1] ?? []);
  const fd = openSync(path, 'r');
  const elf = openElf(fd);
  const names = elf.functions(symbols).map(({ offset }) => elf.names([offset])[0]?.symbol ?? '');
  elf.close();
  closeSync(fd);
  return new Set(names.map(demangle));
}

describe('functions', () => {
  test('of C++ go by the names of the source', () => {
    const names = namesIn(compile(cxx, 'cc', ['g++', '-std=c++17', '-O1']));
    expect(names).toContain('shop::Till::operator()(int) const');
    expect([...names].filter((name) => name.startsWith('shop::Cart<'))).toEqual([
      expect.stringMatching(/^shop::Cart<std::unique_ptr<int, .*>\*>::add\(.* const&\)$/),
    ]);
    expect([...names].filter((name) => name.startsWith('_Z'))).toEqual([]);
  });

  const rustc = program('rustc') !== null;
  const there = requires(
    'rustc',
    rustc && buildTarget('heap.rs', 'rust') !== null,
    'a program of it',
  );
  test.skipIf(!there)('of Rust go by the names of the source, without hashes', () => {
    const names = namesIn(buildTarget('heap.rs', 'rust') ?? '');
    expect([...names].filter((name) => /^heap::by_box$/.test(name))).toHaveLength(1);
    expect([...names].filter((name) => /::h[0-9a-f]{16}$/.test(name))).toEqual([]);
    expect([...names].filter((name) => /^_(ZN|R)/.test(name))).toEqual([]);
  });

  test.skipIf(!there)('of Rust’s new scheme, too', () => {
    const source = `
      pub mod shop { #[inline(never)] pub fn sum<T: Copy + Into<u64>>(goods: &[T]) -> u64 { goods.iter().map(|each| (*each).into()).sum() } }
      fn main() { std::process::exit((shop::sum(&[0u8, 0u8]) + shop::sum(&[0u32])) as i32) }`;
    const names = namesIn(
      compile(source, 'rs', [
        'rustc',
        '--edition',
        '2021',
        '-Cdebuginfo=0',
        '-Csymbol-mangling-version=v0',
      ]),
    );
    expect([...names].filter((name) => /^program::shop::sum::<\w+>$/.test(name)).sort()).toEqual([
      'program::shop::sum::<u32>',
      'program::shop::sum::<u8>',
    ]);
  });
});
