import { spawnSync } from 'node:child_process';
import path from 'node:path';

import { expect, test } from 'vitest';

const main = path.join(import.meta.dirname, 'main.ts');

test.for([
  { args: ['--jobs', '0'], says: "--jobs takes a whole number from 1 on, not '0'" },
  { args: ['--jobs', 'x'], says: "--jobs takes a whole number from 1 on, not 'x'" },
  { args: ['--timeout', ''], says: "--timeout takes a whole number from 1 on, not ''" },
  { args: ['--kernel', '4.4'], says: 'no kernel is called 4.4' },
  { args: ['--env', 'A', '--', 'true'], says: '--env takes NAME=VALUE' },
  { args: ['--write', '--kernel', '6.1'], says: '--write is for a run of everything' },
  { args: ['--write', '--part', 'leak'], says: '--write is for a run of everything' },
])('$args is refused', ({ args, says }) => {
  const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  expect(stderr).toContain(says);
  expect(stderr).toContain('usage: ');
  expect(status).toBe(64);
});

test('a run of nothing is not green', () => {
  const run = spawnSync(process.execPath, [main, '--part', 'no such part'], { encoding: 'utf8' });
  expect(run).toMatchObject({ status: 1, stdout: expect.stringContaining('nothing to run') });
});
