import { expect, test } from 'vitest';

import { bootsOf } from './boots.ts';
import { kernels } from './kernels.ts';
import { machines } from './machine.ts';
import { lockedDown } from './selection.ts';

const machine = machines.x86_64;

const named = (part: RegExp, chosen = kernels): string[] =>
  bootsOf(chosen, { part, machine }).map(({ kernel }) => kernel.name);

test('every kernel is booted, and one once more, locked down', () => {
  expect(named(/./)).toEqual([...kernels.map(({ name }) => name), lockedDown.title]);
  const last = bootsOf(kernels, { part: /./, machine }).at(-1);
  expect(last).toMatchObject({ words: ['lockdown=confidentiality'], parts: [lockedDown.part] });
});

test('what has no part to run is not booted', () => {
  expect(named(/^lockdown/)).toEqual([lockedDown.title]);
  expect(named(/no such part/)).toEqual([]);
  expect(named(/^lockdown/, kernels.slice(0, 1))).toEqual([]);
});
