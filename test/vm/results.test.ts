import { expect, test } from 'vitest';

import type { Kernel } from './kernels.ts';
import { cellsOf } from './results.ts';
import type { Part } from './selection.ts';

const kernel: Kernel = {
  name: '6.1',
  archive: 'debian',
  suite: 'bookworm',
  lacks: { 'link session': 'it came with 6.13' },
};
const part = (like: RegExp, needs?: string): Part => ({
  title: 'some',
  file: 'test/a.test.ts',
  like,
  ...(needs === undefined ? {} : { needs }),
});

const report = (...tests: readonly (readonly [string, string])[]): string =>
  JSON.stringify({
    testResults: [
      {
        name: '/project/test/a.test.ts',
        status: 'passed',
        message: '',
        assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
      },
    ],
  });

const cell = (one: Part, json: string | undefined) => cellsOf(kernel, [one], '/project', json)[0];

test('of a file the tests of the part count', () => {
  const json = report(['by a: one', 'passed'], ['by a: two', 'skipped'], ['by b: one', 'failed']);
  expect(cell(part(/by a/), json)).toMatchObject({ passed: 1, skipped: 1, failed: [], gap: null });
  expect(cell(part(/by b/), json)).toMatchObject({ passed: 0, failed: ['by b: one'] });
});

test('nothing that ran is a failure, but where the kernel lacks what it takes', () => {
  const json = report(['by session', 'skipped']);
  expect(cell(part(/by session/), json)?.failed).toEqual(['nothing of test/a.test.ts was run']);
  expect(cell(part(/by session/, 'link session'), json)).toMatchObject({
    failed: [],
    gap: 'it came with 6.13',
  });
});

test('a gap that is none is a failure', () => {
  const found = cell(part(/by session/, 'link session'), report(['by session', 'passed']));
  expect(found?.failed).toEqual(['6.1 is said to lack link session, and does not']);
});

test('a guest that left no report failed', () => {
  expect(cell(part(/./), undefined)?.failed).toEqual(['the guest left no report']);
});

test('a file that cannot be loaded failed', () => {
  const broken = JSON.stringify({
    testResults: [
      {
        name: '/project/test/a.test.ts',
        status: 'failed',
        message: 'no such module\nat',
        assertionResults: [],
      },
    ],
  });
  expect(cell(part(/./), broken)?.failed).toEqual(['no such module']);
});
