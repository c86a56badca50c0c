import { expect, test } from 'vitest';

import type { Kernel } from './kernels.ts';
import { cellsOf } from './results.ts';
import type { Part } from './selection.ts';

const kernel: Kernel = {
  name: '6.1',
  archive: 'debian',
  suite: 'bookworm',
  lacks: { 'link session': 'it came with 6.13' },
  gaps: [],
};
const part = (like: RegExp | readonly RegExp[], needs?: string): Part => ({
  title: 'some',
  file: 'test/a.test.ts',
  like: [like].flat(),
  ...(needs === undefined ? {} : { needs }),
});

type Test = readonly [fullName: string, status: string, lacks?: string];

const file = (status: string, message: string, tests: readonly Test[]): string =>
  JSON.stringify({
    testResults: [
      {
        name: '/project/test/a.test.ts',
        status,
        message,
        assertionResults: tests.map(([fullName, result, lacks]) => ({
          fullName,
          status: result,
          meta: { lacks },
        })),
      },
    ],
  });
const report = (...tests: readonly Test[]): string => file('passed', '', tests);

const cell = (one: Part, json: string | undefined) => cellsOf(kernel, [one], '/project', json)[0];

test('of a file the tests of the part count', () => {
  const json = report(['by a: one', 'passed'], ['by b: one', 'failed'], ['by c: one', 'skipped']);
  expect(cell(part(/by a/), json)).toMatchObject({ passed: 1, skipped: 0, failed: [], gap: null });
  expect(cell(part(/by b/), json)).toMatchObject({ passed: 0, failed: ['by b: one'] });
});

test('each kind of test that a part asks for is to have passed', () => {
  const asked = part([/nested/, /eight threads/]);
  expect(cell(asked, report(['nested', 'passed']))?.failed).toEqual([
    'nothing passed that is like eight threads',
  ]);
  const both = report(['nested', 'passed'], ['eight threads', 'passed']);
  expect(cell(asked, both)).toMatchObject({ passed: 2, failed: [] });
});

test('what was not run is a failure, but where the kernel lacks what it takes', () => {
  const json = report(['by session', 'skipped']);
  expect(cell(part(/by session/), json)?.failed).toEqual(['1 not run: by session']);
  expect(cell(part(/by session/, 'link session'), json)).toMatchObject({
    failed: [],
    gap: 'it came with 6.13',
  });
});

test('a test may itself say what the kernel lacks for it, if that is so', () => {
  const skips = (lacks: string) => report(['a: one', 'passed'], ['a: two', 'skipped', lacks]);
  expect(cell(part(/a:/), skips('link session'))).toMatchObject({
    passed: 1,
    skipped: 1,
    failed: [],
    gap: null,
  });
  expect(cell(part(/a:/), skips('link multi'))?.failed).toEqual(['1 not run: a: two']);
});

test('a gap that is none is a failure', () => {
  const found = cell(part(/by session/, 'link session'), report(['by session', 'passed']));
  expect(found?.failed).toEqual(['6.1 is said to lack link session, and does not']);
});

test('a guest that left no report failed, and one that died as it wrote it', () => {
  expect(cell(part(/./), undefined)?.failed).toEqual(['the guest left no report']);
  expect(cell(part(/./), '{"testRes')?.failed).toEqual(['the guest left half a report']);
});

test('a file that cannot be loaded failed', () => {
  expect(cell(part(/./), file('failed', 'no such module\nat', []))?.failed).toEqual([
    'no such module',
  ]);
});

test('a part failed with what came before its tests, or after them, whatever else of the file passed', () => {
  const before = file('failed', '', [
    ['by a: one', 'passed'],
    ['by b: one', 'skipped'],
    ['by b: two', 'skipped'],
  ]);
  expect(cell(part(/by b/), before)?.failed).toEqual([
    'a.test.ts failed beside its tests',
    '2 not run: by b: one',
  ]);
  const after = file('failed', '', [['by a: one', 'passed']]);
  expect(cell(part(/by a/), after)?.failed).toEqual(['a.test.ts failed beside its tests']);
});
