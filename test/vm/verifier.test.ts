import { expect, test } from 'vitest';

import { changes } from './verifier.ts';

test('a program that the verifier goes through a tenth longer is red; a shorter, a new and a lost one are told of', () => {
  const before = { heap: { same: 100, grown: 100, shrunk: 100, lost: 9 }, cache: { all: 8 } };
  const now = { heap: { same: 110, grown: 111, shrunk: 50, added: 7 } };
  expect(changes('6.1', before, now)).toEqual([
    { text: '6.1: heap: grown: 100 to 111 instructions (11 %)', isRed: true },
    { text: '6.1: heap: shrunk: 100 to 50 instructions (-50 %)', isRed: false },
    { text: '6.1: heap: added: new, 7 instructions', isRed: false },
    { text: '6.1: heap: lost: gone', isRed: false },
    { text: '6.1: cache: all: gone', isRed: false },
  ]);
});

test('a program that takes half of what the verifier allows is red, unless it is committed so', () => {
  const now = { heap: { a: 500_001 } };
  expect(changes('6.1', { heap: { a: 480_000 } }, now)).toEqual([
    { text: '6.1: heap: a: 500001 instructions, more than 500000', isRed: true },
  ]);
  expect(changes('6.1', now, now)).toEqual([]);
});

test('a kernel without an entry is told of in a line; one that tells no counts needs none', () => {
  expect(changes('6.1', undefined, { heap: { a: 1, b: 2 } })).toEqual([
    { text: '6.1 has no entry', isRed: false },
  ]);
  expect(changes('5.10', undefined, { heap: {} })).toEqual([]);
});
