import { type ChildProcess, spawn } from 'node:child_process';
import { linkSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { measured } from '../support/file-report.ts';
import { LineQueue } from '../support/line-queue.ts';
import { runMemtrace } from '../support/memtrace.ts';
import { canMount, MountSandbox } from '../support/mount-sandbox.ts';
import { asNobody, canBeNobody } from '../support/nobody.ts';
import { requires } from '../support/require.ts';

const oracle = buildTarget('residency.c', 'dynamic') ?? '';
const asRoot = requires('root', process.getuid?.() === 0, 'links of mappings take root');

let folder = '';
let holder: ChildProcess | undefined;
let sandbox: MountSandbox | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'memtrace-process-'));
});
afterEach(() => {
  holder?.kill();
  sandbox?.end();
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, pages: number): string {
  const at = path.join(folder, name);
  writeFileSync(at, Buffer.alloc(pages * 4096, 1));
  return at;
}

/** A process that has the files open, and the last one mapped and closed. */
async function hold(...files: readonly string[]): Promise<number> {
  holder = spawn(oracle, ['hold', ...files], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new LineQueue(holder.stdout).next((line) => line === 'ready');
  return holder.pid ?? 0;
}

test.skipIf(!asRoot)(
  'files that are open or mapped, each once, with those that it runs',
  async () => {
    const open = file('open file', 3);
    const mapped = file('mapped\nfile\r', 5);
    const twice = file('twice', 2);
    linkSync(twice, path.join(folder, 'again'));
    const pid = await hold(open, twice, path.join(folder, 'again'), mapped);
    const { files, total } = await measured(['-p', `${pid}`]);
    const ours = files.filter(({ filename }) => filename.startsWith(folder));
    expect(
      Object.fromEntries(ours.map((line) => [path.basename(line.filename), line.cached])),
    ).toEqual({ 'mapped\nfile\r': 5, 'open file': 3, 'twice': 2 });
    expect(ours).toHaveLength(3);
    expect(files.map(({ filename }) => filename)).toContain(oracle);
    expect(files.some(({ filename }) => /libc/.test(filename))).toBe(true);
    expect(total.files).toBe(files.length);
  },
);

test.skipIf(!asRoot)('what two processes share has one row', async () => {
  const shared = file('shared', 3);
  const first = await hold(shared);
  const keep = holder;
  const second = await hold(shared);
  const { files, total } = await measured(['-p', `${first},${second}`]);
  keep?.kill();
  expect(files.filter(({ filename }) => filename === shared)).toHaveLength(1);
  expect(total).toMatchObject({ files: files.length, repeated: 0 });
});

test.skipIf(!asRoot)('deleted files, and a name that only looks like one', async () => {
  const deleted = file('gone', 4);
  const looksSo = file('kept (deleted)', 2);
  const mapped = file('unmapped', 3);
  const pid = await hold(deleted, looksSo, mapped);
  unlinkSync(deleted);
  unlinkSync(mapped);
  const { files } = await measured(['-p', `${pid}`]);
  const ours = files.filter(({ filename }) => filename.startsWith(folder));
  const found = ours.map((line) => [
    path.basename(line.filename),
    { deleted: line.deleted, cached: line.cached },
  ]);
  expect(Object.fromEntries(found)).toEqual({
    'gone': { deleted: true, cached: 4 },
    'kept (deleted)': { deleted: false, cached: 2 },
    'unmapped': { deleted: true, cached: 3 },
  });
});

test.skipIf(!canMount())('files of a mount namespace of its own', async () => {
  const script = `mount -t tmpfs private "$1"
    cp "$(command -v cat)" "$1/cat"
    head -c 20480 /dev/zero >"$1/data"
    exec 7<"$1/data"
    PATH=$1:$PATH`;
  sandbox = await MountSandbox.run(script, folder);
  const line = async (name: string) => {
    const { files } = await measured(['-p', `${sandbox?.pid}`]);
    return files.find(({ filename }) => filename === path.join(folder, name));
  };
  expect(await line('data')).toMatchObject({ pages: 5, cached: 5, fileSystem: 'tmpfs' });
  // Its executable, by its mapping.
  const cat = await line('cat');
  expect(cat?.cached).toBe(cat?.pages);
  expect(cat?.fileSystem).toBe('tmpfs');
});

test('a process that is not running', async () => {
  const outcome = await runMemtrace(['file', '-p', '4194304']);
  expect(outcome.code).toBe(66);
  expect(outcome.stderr).toContain('process 4194304 is not running');
});

test.skipIf(!canBeNobody())('a process of somebody else', async () => {
  const outcome = await runMemtrace(['file', '-p', `${process.pid}`], { wrapper: asNobody() });
  expect(outcome.code).toBe(77);
  expect(outcome.stderr).toContain('cannot be read');
});
