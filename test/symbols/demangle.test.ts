import { describe, expect, test } from 'vitest';

import { demangle } from '../../src/symbols/demangle.ts';

describe('the name of', () => {
  test.each([
    ['C++', '_ZN3foo3barEi', 'foo::bar(int)'],
    [
      'C++, a template',
      '_ZNSt6vectorIiSaIiEE9push_backEOi',
      'std::vector<int, std::allocator<int> >::push_back(int&&)',
    ],
    ['C++, an operator', '_Znwm', 'operator new(unsigned long)'],
    ['C++, a lambda', '_ZZ4mainENKUlvE_clEv', 'main::{lambda()#1}::operator()() const'],
    ['C++, a clone', '_Z3foov.constprop.0', 'foo() [clone .constprop.0]'],
    [
      'Rust’s old scheme, without its hash',
      '_ZN4core3ptr13drop_in_place17h0123456789abcdefE',
      'core::ptr::drop_in_place',
    ],
    [
      'Rust’s old scheme, an implementation',
      '_ZN66_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..drop..Drop$GT$4drop17h0123456789abcdefE',
      '<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop',
    ],
    ['Rust v0', '_RNvNtCs1234_7mycrate3mod4func', 'mycrate::mod::func'],
    ['Rust v0, generic', '_RINvNtC3std3mem8align_ofdE', 'std::mem::align_of::<f64>'],
    ['C', 'malloc', 'malloc'],
    ['C, a clone', 'parse.constprop.0', 'parse.constprop.0'],
    ['nothing at all', '', ''],
    ['what only begins like C++', '_ZNotMangled', '_ZNotMangled'],
    ['what only begins like Rust', '_R', '_R'],
    ['C that begins like Rust', '_Rotate', '_Rotate'],
    ['what is cut', '_ZN3foo3ba', '_ZN3foo3ba'],
  ])('%s: %s', (_, symbol, name) => {
    expect(demangle(symbol)).toBe(name);
    // From the cache.
    expect(demangle(symbol)).toBe(name);
  });

  test('what nests without end does not harm the names that follow', () => {
    const deep = `_Z1f${'DTcl'.repeat(100_000)}`;
    expect(demangle(deep)).toBe(deep);
    expect(demangle('_Z5afterv')).toBe('after()');
  });
});
