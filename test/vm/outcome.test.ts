import { expect, test } from 'vitest';

import type { Kernel } from './kernels.ts';
import type { Column } from './matrix.ts';
import { faultsOf, type Outcome } from './outcome.ts';

const kernel: Kernel = { name: '6.1', archive: 'debian', suite: 'bookworm', lacks: {}, gaps: [] };
const green: Column = {
  kernel,
  release: '6.1.0',
  seconds: 1,
  cells: [],
  instructions: {},
  trouble: '',
  log: '',
};
const away = { name: '6.1', cannot: 'it cannot be fetched' };

const outcome = (parts: Partial<Outcome>): Outcome => ({
  boots: 1,
  ended: [green],
  types: { rows: [], skipped: [], withdrawn: [], trouble: '' },
  changes: [],
  ...parts,
});
const atHome = { isFetchNeeded: false, isWritten: false };

test('a run that ended well has no fault', () => {
  expect(faultsOf(outcome({}), atHome)).toEqual([]);
});

test('a run of which nothing ended has', () => {
  expect(faultsOf(outcome({ boots: 0, ended: [] }), atHome)).toEqual(['FAILED TO RUN ANYTHING']);
  expect(faultsOf(outcome({ ended: [away] }), atHome)).toEqual(['FAILED TO RUN ANYTHING']);
  expect(faultsOf(outcome({ boots: 2 }), atHome)).toEqual([
    'FAILED TO END: 1 of 2 virtual machines',
  ]);
});

test('a kernel that cannot be fetched is a fault where it is needed', () => {
  const partial = outcome({ boots: 2, ended: [green, away] });
  expect(faultsOf(partial, atHome)).toEqual([]);
  expect(faultsOf(partial, { ...atHome, isFetchNeeded: true })).toEqual([
    'FAILED TO FETCH 6.1: it cannot be fetched',
  ]);
});

test('what is wrong with a kernel is told in all its lines', () => {
  const ended = [{ ...green, trouble: 'its kernel complained:\nBUG: this' }];
  expect(faultsOf(outcome({ ended }), atHome)).toEqual([
    'FAILED ON 6.1\n  6.1: its kernel complained:\n  6.1: BUG: this',
  ]);
});

test('kernels that are not booted may fail, too', () => {
  const types = { rows: [], skipped: [], withdrawn: [], trouble: 'no BTF' };
  expect(faultsOf(outcome({ types }), atHome)).toEqual(['FAILED BY ITS TYPES no BTF']);
});

test('a kernel that its suite has given up is none', () => {
  const types = { ...outcome({}).types, withdrawn: ['6.16: gone'] };
  expect(faultsOf(outcome({ types }), { ...atHome, isFetchNeeded: true })).toEqual([]);
});

test('a program that grew is a fault until the table is written', () => {
  const changes = [
    { text: '6.1: heap: a: grew', isRed: true },
    { text: '6.1: heap: b: shrank', isRed: false },
  ];
  expect(faultsOf(outcome({ changes }), atHome)).toEqual([
    'FAILED IN THE VERIFIER 6.1: heap: a: grew: see why, then --write docs/verifier.json',
  ]);
  expect(faultsOf(outcome({ changes }), { ...atHome, isWritten: true })).toEqual([]);
});
