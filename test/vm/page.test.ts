import { expect, test } from 'vitest';

import { kernels } from './kernels.ts';
import type { Column } from './matrix.ts';
import { pageOf } from './page.ts';
import type { Cell } from './results.ts';

const [oldest] = kernels;
if (oldest === undefined) throw new Error('there are no kernels');

const cell = (title: string, gap: string | null, measures?: true): Cell => ({
  part: { title, file: 'test/a.test.ts', like: [/a/], ...(measures && { measures }) },
  passed: gap === null ? 3 : 0,
  failed: [],
  skipped: 0,
  gap,
});
const column = (name: string, cells: readonly Cell[]): Column => ({
  kernel: { ...oldest, name },
  release: '5.10.0-46-amd64',
  seconds: 1,
  cells,
  instructions: {},
  trouble: '',
  log: '',
});

const page = pageOf({
  columns: [
    column(oldest.name, [cell('figures', null, true), cell('words', null), cell('none', 'why')]),
    column('locked', [cell('locked down', null)]),
  ],
  notBooted: [],
  commit: 'abc1234-dirty',
});

test('only what was compared with a truth is called exact', () => {
  expect(page).toContain('| figures | exact (3) |\n| words | passed (3) |\n| none | – |\n');
});

test('the page says what it was made of, what was booted beside, and what is not proved', () => {
  expect(page).toContain('`scripts/test-kernels --write` on abc1234-dirty:');
  expect(page).toContain('- locked (5.10.0-46-amd64): locked down: passed (3)\n');
  expect(oldest.gaps).not.toEqual([]);
  for (const gap of oldest.gaps) expect(page).toContain(`- ${oldest.name}: ${gap}.\n`);
  for (const [what, why] of Object.entries(oldest.lacks))
    expect(page).toContain(`| ${oldest.name} | ${what} | ${why} |\n`);
});
