import { execFileSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, unlinkSync } from 'node:fs';
import { mkdirSync, statfsSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';

import { afterAll, describe, expect, test } from 'vitest';

import { program } from '../support/library.ts';
import { canTrace, runMemtrace } from '../support/memtrace.ts';
import { requires } from '../support/require.ts';

interface TopFile {
  readonly path: string;
  readonly named: string;
  readonly kind: string;
  readonly deleted: boolean;
  readonly sizeBytes: number;
  readonly resident: number;
  readonly dirty: number | null;
  readonly shareOfFile: number | null;
}

interface Top {
  readonly method: string;
  readonly partial: boolean;
  readonly foundPages: number;
  readonly foundFiles: number;
  readonly coverage: number;
  readonly kinds: readonly { readonly kind: string; readonly pages: number }[];
  readonly files: readonly TopFile[];
  readonly notices: readonly { readonly code: string }[];
}

const folder = mkdtempSync('/var/tmp/memtrace-top-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function top(count: number, wrapper: readonly string[] = []): Promise<Top> {
  const { code, stdout, stderr } = await runMemtrace(
    ['cache', '--top', `${count}`, '--format', 'json'],
    { wrapper },
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Top;
}

const pages = 2048;
const content = Buffer.alloc(pages * 4096, 'x');
const all = 10_000;

describe.skipIf(!canTrace())('memtrace cache --top', () => {
  test('accounts for at least 99 % of what the kernel says that the cache has', async () => {
    const report = await top(5);
    expect(report.method).toBe('inodes');
    expect(report.partial).toBe(false);
    expect(report.coverage).toBeGreaterThanOrEqual(0.99);
    expect(report.files).toHaveLength(5);
    expect(report.foundFiles).toBeGreaterThan(5);
    expect(report.kinds.reduce((sum, kind) => sum + kind.pages, 0)).toBe(report.foundPages);
    const sizes = report.files.map(({ resident }) => resident);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  test('finds a file that a process read which has exited', async () => {
    const file = path.join(folder, 'closed');
    writeFileSync(file, content);
    // Not to the end: some kernels keep a page more then.
    execFileSync('head', ['-c', `${content.length}`, file], { maxBuffer: 1 << 30 });
    expect((await top(all)).files.find((row) => row.path === file)).toMatchObject({
      named: 'dentry',
      kind: 'file',
      deleted: false,
      sizeBytes: content.length,
      resident: pages,
      shareOfFile: 1,
    });
  });

  test('finds a deleted file that is still open, and says so', async () => {
    const file = path.join(folder, 'deleted');
    const fd = openSync(file, 'w');
    writeSync(fd, content);
    unlinkSync(file);
    const found = (await top(all)).files.find((row) => row.path === file);
    closeSync(fd);
    expect(found).toMatchObject({ deleted: true, resident: pages });
    expect((await top(all)).files.some((row) => row.path === file)).toBe(false);
  });

  test('tells what is yet to be written', async () => {
    const file = path.join(folder, 'dirty');
    const fd = openSync(file, 'w');
    writeSync(fd, content);
    const dirty = (await top(all)).files.find((row) => row.path === file)?.dirty;
    fsyncSync(fd);
    closeSync(fd);
    const clean = (await top(all)).files.find((row) => row.path === file)?.dirty;
    // null: a kernel without cachestat(2), or a file system without handles.
    if (dirty === null) expect(clean).toBeNull();
    else expect([dirty, clean]).toEqual([pages, 0]);
  });

  const isExt = statfsSync(folder).type === 0xef53;
  test.skipIf(!requires('ext4', isExt, `${folder} is on another file system`))(
    'names the device that a file system keeps its metadata in',
    async () => {
      mkdirSync(path.join(folder, 'directory'));
      const metadata = (await top(all)).files.filter(({ kind }) => kind === 'metadata');
      expect(metadata.map((row) => row.named)).toContain('device');
      for (const row of metadata) expect(row.path).toMatch(/^\[.+\]$/);
    },
  );

  test('lists shared memory as memory', async () => {
    const file = `/dev/shm/memtrace-top-${process.pid}`;
    writeFileSync(file, content);
    try {
      expect((await top(all)).files.find((row) => row.path === file)).toMatchObject({
        kind: 'memory',
        resident: pages,
      });
    } finally {
      unlinkSync(file);
    }
  });

  test('is a table with whole paths where no terminal is', async () => {
    const { stdout } = await runMemtrace(['cache', '--top', '3']);
    const rows = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(rows[0]?.trim().split(/ +/)).toEqual([
      'RESIDENT',
      'SHARE',
      'SIZE',
      'CACHED',
      'DIRTY',
      'FS',
      'PATH',
    ]);
    expect(rows).toHaveLength(4);
    expect(stdout).toMatch(/^# page cache .* of it; took /);
  });

  test('by control group: no group has more than the one above it', async () => {
    const { code, stdout } = await runMemtrace([
      'cache',
      '--top',
      `${all}`,
      '--by',
      'cgroup',
      '--format',
      'json',
    ]);
    expect(code).toBe(0);
    const { groups } = JSON.parse(stdout) as {
      groups: { cgroup: string; cacheBytes: number }[];
    };
    const sizes = new Map(groups.map(({ cgroup, cacheBytes }) => [cgroup, cacheBytes]));
    expect(sizes.size).toBeGreaterThan(0);
    // Figures are read one after the other, and the cache goes on changing.
    const slack = 16 << 20;
    for (const [cgroup, size] of sizes) {
      const above = sizes.get(path.dirname(cgroup));
      if (above !== undefined) expect(size).toBeLessThanOrEqual(above + slack);
    }
  });
});

const setpriv = program('setpriv');
const isRoot = process.getuid?.() === 0;
describe.skipIf(!requires('setpriv', setpriv !== null && isRoot, 'it takes root and setpriv'))(
  'memtrace cache --top without the privilege to load BPF programs',
  () => {
    const without = ['setpriv', '--bounding-set', '-bpf,-perfmon,-sys_admin', '--inh-caps', '-all'];

    test('lists files that are open or mapped, and says that it is partial', async () => {
      const file = path.join(folder, 'open');
      writeFileSync(file, content);
      const closed = path.join(folder, 'not-open');
      writeFileSync(closed, content);
      const fd = openSync(file, 'r');
      const report = await top(all, without);
      closeSync(fd);
      expect(report).toMatchObject({ method: 'open-files', partial: true });
      expect(report.coverage).toBeLessThan(1);
      expect(report.notices.map(({ code }) => code)).toContain('open-files-only');
      expect(report.files.find((row) => row.path === file)).toMatchObject({
        named: 'open-file',
        sizeBytes: content.length,
        resident: pages,
      });
      const paths = report.files.map((row) => row.path);
      expect(paths.filter((each) => each === file)).toHaveLength(1);
      expect(paths).not.toContain(closed);
    });
  },
);
