import { expect, test } from 'vitest';

import { named } from '../../src/errors/sentence.ts';

test.for([
  ['1', 'EPERM'],
  ['errno 22', 'EINVAL'],
  ['EBUSY', 'EBUSY'],
  ['trace.attach memory_fault_entered 524', 'trace.attach memory_fault_entered ENOTSUPP'],
] as const)('%s is shown as %s', ([errno, shown]) => {
  expect(named(errno)).toBe(shown);
});
