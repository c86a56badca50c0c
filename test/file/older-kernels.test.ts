import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { measured } from '../support/file-report.ts';
import { asNobody, canBeNobody } from '../support/nobody.ts';
import { run } from '../support/run.ts';

const oracle = buildTarget('residency.c', 'dynamic') ?? '';
const refuse = buildTarget('refuse.c', 'dynamic') ?? '';

/** Numbers that are the same on every architecture. */
const openat2 = '437';
const cachestat = '451';
const { ENOSYS, EPERM } = constants.errno;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'memtrace-older-'));
  run('chmod', '755', folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function files(count: number): void {
  for (let index = 0; index < count; index++)
    writeFileSync(path.join(folder, `f${index}`), Buffer.alloc(40 * 4096, 1), { mode: 0o644 });
}

describe.each([
  { name: 'that the kernel does not have', error: ENOSYS },
  { name: "that a container's filter forbids", error: EPERM },
])('cachestat and openat2 $name', ({ error }) => {
  const wrapper = [refuse, `${error}`, openat2, cachestat, '--'];

  test('mincore tells the same, and the rest is not known', async () => {
    files(1);
    const file = path.join(folder, 'f0');
    run(oracle, 'shape', file, '0:3', '17:20');
    const [here] = (await measured(['--pps', file])).files;
    const [there] = (await measured(['--pps', file], { wrapper })).files;
    expect(here).toMatchObject({ method: 'cachestat', cached: 23 });
    expect(there).toEqual({ ...here, method: 'mincore', states: null });
  });

  test('a large directory is measured whole', async () => {
    files(100);
    const { total } = await measured([folder], { wrapper });
    expect(total).toMatchObject({ files: 100, pages: 4000, cached: 4000 });
  });

  test.skipIf(!canBeNobody())('who may not know is told so, not 100 %', async () => {
    files(1);
    run(oracle, 'shape', path.join(folder, 'f0'));
    const { refused } = await measured([path.join(folder, 'f0')], {
      wrapper: [...wrapper, ...asNobody()],
      code: 77,
    });
    expect(refused).toMatchObject([{ code: 'file-hidden' }]);
  });
});
