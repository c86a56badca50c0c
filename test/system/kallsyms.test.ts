import { expect, test } from 'vitest';

import { kernelHasFunction, listsFunction } from '../../src/system/kallsyms.ts';

const kallsyms = `0000000000000000 T vfs_read
0000000000000000 t local_one
0000000000000000 D some_data
0000000000000000 t of_module\t[ext4]
`;

test.each([
  ['vfs_read', true],
  ['local_one', true],
  ['vfs', false],
  ['some_data', false],
  ['of_module', false],
])('of %s it is told whether the kernel itself has it: %s', (name, expected) => {
  expect(listsFunction(kallsyms, name)).toBe(expected);
});

test('this kernel has what each has, and nothing else', async () => {
  expect(await kernelHasFunction('schedule')).toBe(true);
  expect(await kernelHasFunction('no_such_function')).toBe(false);
});
