import { expect, test } from 'vitest';

import { bitsBelow } from '../../src/system/address-bits.ts';

test.for([
  { end: 0xffff_fd2f_4000n, bits: 48n },
  { end: 0x1_0000_0000_0000n, bits: 48n },
  { end: 0x7f_f12f_4000n, bits: 39n },
])('below $end addresses have $bits bits', ({ end, bits }) => {
  expect(bitsBelow(end)).toBe((1n << bits) - 1n);
});
