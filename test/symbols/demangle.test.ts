import { expect, test } from 'vitest';

import { demangle } from '../../src/symbols/demangle.ts';

test.each([
  ['C++', '_ZN4shop4Cart3addEi', 'shop::Cart::add(int)'],
  ['an operator of C++', '_Znwm', 'operator new(unsigned long)'],
  ['the unlikely part of a function', '_ZN4shop5serveEv.cold', 'shop::serve() [clone .cold]'],
  ['Rust v0', '_RNvCs1234_7mycrate3foo', 'mycrate::foo'],
  ['legacy Rust, without its hash', '_ZN4shop4take17h0123456789abcdefE', 'shop::take'],
])('%s is written as in its language', (_, symbol, name) => {
  expect(demangle(symbol)).toBe(name);
});

test.each(['malloc', '_start', '_Rotate', '_ZStart', '_ZN', '_R', '__ZN3fooEv', '?take@@YAXXZ'])(
  '%s is not mangled, and stays as it is',
  (symbol) => {
    expect(demangle(symbol)).toBe(symbol);
  },
);
