import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { program } from '../support/library.ts';
import { canTrace, Tracer } from '../support/memtrace.ts';
import { keptBy, outstandingIn } from '../support/report.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

const family = buildTarget('family.c', 'dynamic') ?? '';
const stripped = buildTarget('family.c', 'stripped') ?? '';
const folder = mkdtempSync(path.join(tmpdir(), 'memtrace-root-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A root of its own: the program as /family, and copies of every library that it needs. */
function rootWith(source: string): string {
  const root = path.join(folder, 'root');
  mkdirSync(root, { recursive: true });
  copyFileSync(source, path.join(root, 'family'));
  for (const [file] of execFileSync('ldd', [source], { encoding: 'utf8' }).matchAll(
    /\/\S+\.so\S*/g,
  )) {
    cpSync(file, path.join(root, file), { dereference: true, recursive: true });
  }
  return root;
}

const isRoot = process.getuid?.() === 0 && program('unshare') !== null;
const here = canTrace() && requires('namespaces', isRoot, 'it takes root and unshare');

describe.skipIf(!here)('a target that sees other files than memtrace does', () => {
  let target: Target | undefined;
  afterEach(() => target?.kill());

  async function expectTruth(running: Target): Promise<void> {
    target = running;
    const tracer = await Tracer.attach(['-p', `${running.pid}`, '1']);
    await running.run('by_malloc_small', 3);
    await running.run('by_malloc_huge', 2);
    const report = await tracer.stop();
    expect(keptBy(report, 'by_malloc_small')).toEqual({ bytes: 300, blocks: 3 });
    expect(keptBy(report, 'by_malloc_huge')).toEqual({ bytes: 2 << 20, blocks: 2 });
    expect(report.losses).toEqual([]);
    expect(await running.finish(7)).toBe(7);
  }

  test('in a chroot, with a C library of its own', async () => {
    await expectTruth(await Target.start(['chroot', rootWith(family), '/family']));
  });

  test('in a mount namespace, from a file system that only it sees', async () => {
    const script = `mount -t tmpfs none /mnt && cp ${family} /mnt/family && exec /mnt/family`;
    const wrapper = ['unshare', '--mount', '--propagation', 'private'];
    await expectTruth(await Target.start([...wrapper, 'sh', '-c', script]));
  });

  test('in a PID namespace, where it has another number', async () => {
    const wrapper = ['unshare', '--pid', '--fork', '--kill-child'];
    await expectTruth(await Target.start([...wrapper, family], { forked: true }));
  });

  test('from a file that was deleted since', async () => {
    const file = path.join(folder, 'deleted');
    copyFileSync(family, file);
    const running = await Target.start([file]);
    rmSync(file);
    await expectTruth(running);
  });

  test('from a path with blanks and other letters', async () => {
    const file = path.join(folder, 'a file: named, oddly+0x12 é');
    copyFileSync(family, file);
    await expectTruth(await Target.start([file]));
  });

  test('stripped: no name, but the module, the bytes and the blocks', async () => {
    target = await Target.start([stripped]);
    const tracer = await Tracer.attach(['-p', `${target.pid}`, '1']);
    await target.run('by_malloc_small', 3);
    await target.run('by_calloc_big', 2);
    const report = await tracer.stop();
    expect(outstandingIn(report, 'family')).toEqual([60_000, 300]);
  });
});
