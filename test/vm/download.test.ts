import { expect, test } from 'vitest';

import { isOutOfReach } from './download.ts';
import { output } from './tool.ts';

const failed = (code: number, stdout = '000'): Error =>
  Object.assign(new Error('Command failed'), { code, stdout: Buffer.from(stdout) });

test('an archive that does not answer, or is out of order, is out of reach', () => {
  for (const code of [5, 6, 7, 28, 35]) expect(isOutOfReach(failed(code))).toBe(true);
  expect(isOutOfReach(failed(22, '503'))).toBe(true);
});

test('a file that is not there, or cannot be written, is a failure', () => {
  expect(isOutOfReach(failed(22, '404'))).toBe(false);
  expect(isOutOfReach(failed(23, '200'))).toBe(false);
  expect(isOutOfReach('curl')).toBe(false);
});

test('a program that fails tells its exit code and what it wrote, by which that is known', async () => {
  const error: unknown = await output('sh', '-c', 'printf 502; exit 22').catch(
    (thrown: unknown) => thrown,
  );
  expect(isOutOfReach(error)).toBe(true);
});
