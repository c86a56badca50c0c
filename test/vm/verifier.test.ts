import { expect, test } from 'vitest';

import { changes } from './verifier.ts';

test('a program that the verifier goes through a tenth longer or shorter is told of, and a new one', () => {
  const before = { heap: { same: 100, grown: 100, shrunk: 100 } };
  const now = { heap: { same: 110, grown: 111, shrunk: 50, added: 7 } };
  expect(changes('6.1', before, now)).toEqual([
    '6.1: heap: grown: 100 to 111 instructions (11 %)',
    '6.1: heap: shrunk: 100 to 50 instructions (-50 %)',
    '6.1: heap: added: 0 to 7 instructions (new)',
  ]);
});
