import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { measured, parseFileOutput } from '../support/file-report.ts';
import { fileSystem, hasFileSystem } from '../support/file-system.ts';
import { command, runMemtrace } from '../support/memtrace.ts';
import { canMount, MountSandbox } from '../support/mount-sandbox.ts';
import { asNobody, canBeNobody } from '../support/nobody.ts';
import { requires } from '../support/require.ts';

const page = Buffer.alloc(4096, 1);
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'memtrace-inputs-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file of so many pages; all of them are cached then. */
function file(name: string, pages = 1): string {
  const at = path.join(folder, name);
  writeFileSync(at, Buffer.concat(Array.from({ length: pages }, () => page)));
  return at;
}

const names = (files: readonly { readonly filename: string }[]): string[] =>
  files.map(({ filename }) => path.basename(filename)).sort();

describe('what is not a file with pages', () => {
  test('an empty file has no pages, and no percentage', async () => {
    const { files, total } = await measured([file('empty', 0)]);
    expect(files).toMatchObject([{ size: 0, pages: 0, cached: 0, percent: null, method: 'none' }]);
    expect(total).toMatchObject({ files: 1, pages: 0, percent: null });
  });

  test('a path that is not there is said, and the others are measured', async () => {
    const there = file('there', 3);
    const { files, refused } = await measured([path.join(folder, 'nope'), there], { code: 66 });
    expect(files).toMatchObject([{ filename: there, cached: 3 }]);
    expect(refused).toMatchObject([{ code: 'file-missing', named: true }]);
  });

  test('in text the only path that is not there is an error message', async () => {
    const outcome = await runMemtrace(['file', path.join(folder, 'nope')]);
    expect(outcome).toMatchObject({ code: 66, stdout: '' });
    expect(outcome.stderr).toMatch(/^memtrace: there is no file '.*nope'\n {2}remedy: /);
  });

  test('FIFOs and devices are neither opened nor waited for', async () => {
    const fifo = path.join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const { files, refused } = await measured([fifo, '/dev/null', '/proc/self/maps'], { code: 66 });
    expect(files).toEqual([]);
    expect(refused.map(({ code }) => code)).toEqual([
      'file-special',
      'file-special',
      'file-pseudo',
    ]);
    const inside = await measured([folder]);
    expect(inside.total).toMatchObject({ files: 0, skippedSpecial: 1 });
  });

  test('a file of which each byte is a hole is measured', async () => {
    const at = file('hole', 0);
    execFileSync('truncate', ['--size', '10M', at]);
    expect((await measured([at])).files).toMatchObject([{ pages: 2560, cached: 0, percent: 0 }]);
  });
});

describe('directories and links', () => {
  test('a directory is searched with all below it, those with most cached pages first', async () => {
    mkdirSync(path.join(folder, 'a/b/c'), { recursive: true });
    file('a/b/c/deep', 2);
    file('a/.hidden', 3);
    file('top', 1);
    const { files, total } = await measured([folder]);
    expect(files.map(({ filename }) => path.relative(folder, filename))).toEqual([
      'a/.hidden',
      'a/b/c/deep',
      'top',
    ]);
    expect(total).toMatchObject({ files: 3, pages: 6, cached: 6 });
  });

  test('a file with several names is counted once', async () => {
    const first = file('first', 4);
    linkSync(first, path.join(folder, 'second'));
    symlinkSync('first', path.join(folder, 'third'));
    const { files, total } = await measured([
      first,
      path.join(folder, 'second'),
      path.join(folder, 'third'),
    ]);
    expect(files.map(({ cached, sameAs }) => ({ cached, sameAs }))).toEqual([
      { cached: 4, sameAs: undefined },
      { cached: 4, sameAs: first },
      { cached: 4, sameAs: first },
    ]);
    expect(total).toMatchObject({ files: 1, repeated: 2, pages: 4, cached: 4 });
  });

  test('links inside directories are followed with -L only, and loops end', async () => {
    const other = mkdtempSync(path.join(tmpdir(), 'memtrace-other-'));
    writeFileSync(path.join(other, 'beyond'), page);
    symlinkSync(other, path.join(folder, 'out'));
    symlinkSync(folder, path.join(other, 'back'));
    file('here');
    const without = await measured([folder]);
    expect(names(without.files)).toEqual(['here']);
    expect(without.total.skippedLinks).toBe(1);
    const followed = await measured(['-L', folder]);
    expect(names(followed.files)).toEqual(['beyond', 'here']);
    rmSync(other, { recursive: true });
  });

  test('a link that is named is followed', async () => {
    symlinkSync(path.dirname(file('target', 2)), path.join(folder, 'link'));
    expect((await measured([path.join(folder, 'link')])).files).toMatchObject([{ cached: 2 }]);
  });

  test('patterns that the shell left alone are expanded; those without a match are said', async () => {
    mkdirSync(path.join(folder, 'x/y'), { recursive: true });
    for (const name of ['1.log', 'x/2.log', 'x/y/3.log', 'x/y/.4.log', 'x/5.txt']) file(name);
    const matching = async (pattern: string) =>
      names((await measured([path.join(folder, pattern)])).files);
    expect(await matching('*.log')).toEqual(['1.log']);
    expect(await matching('x/[0-4].*')).toEqual(['2.log']);
    expect(await matching('**/*.log')).toEqual(['1.log', '2.log', '3.log']);
    const { refused } = await measured([path.join(folder, '*.nope')], { code: 66 });
    expect(refused).toMatchObject([{ code: 'file-missing' }]);
  });

  test('--top shortens the rows and not the total', async () => {
    for (let pages = 1; pages <= 5; pages++) file(`f${pages}`, pages);
    const { files, total } = await measured(['--top', '2', '--sort', 'size', folder]);
    expect(names(files)).toEqual(['f4', 'f5']);
    expect(total).toMatchObject({ files: 5, pages: 15, cached: 15, omittedRows: 3 });
  });

  test('thousands of files in one directory are all there', async () => {
    for (let index = 0; index < 3000; index++) file(`f${index}`);
    const { files, total } = await measured([folder]);
    expect(new Set(files.map(({ filename }) => filename)).size).toBe(3000);
    expect(total).toMatchObject({ files: 3000, pages: 3000, cached: 3000 });
  });
});

test.skipIf(!canMount())(
  'what was mounted over files of a large directory is what is seen',
  async () => {
    for (let index = 0; index < 100; index++) file(`f${index}`);
    const other = mkdtempSync(path.join(tmpdir(), 'memtrace-mounted-'));
    writeFileSync(path.join(other, 'file'), Buffer.alloc(5 * 4096, 1));
    const script = 'mount --bind /dev/null "$1/f7"; mount --bind "$2/file" "$1/f8"';
    const sandbox = await MountSandbox.run(script, folder, other);
    const wrapper = ['nsenter', '--mount', '--target', `${sandbox.pid}`];
    const { files, total } = await measured([folder], { wrapper });
    sandbox.end();
    rmSync(other, { recursive: true });
    expect(total).toMatchObject({ files: 99, pages: 103, cached: 103, skippedSpecial: 1 });
    expect(files[0]).toMatchObject({ filename: path.join(folder, 'f8'), pages: 5, cached: 5 });
  },
);

describe('names', () => {
  const odd = ['with space', 'new\nline', 'quote"\\', '-dash', 'ümlaut', '\u202Egnp.exe'];

  test.for(odd)('%j stands in the JSON as it is', async (name) => {
    const at = file(name);
    expect((await measured(['--', at])).files).toMatchObject([{ filename: at, cached: 1 }]);
    expect((await measured(['--', name], { cwd: folder })).files).toMatchObject([
      { filename: name },
    ]);
    expect(names((await measured([folder])).files)).toEqual([name]);
  });

  test.for(odd)(
    '%j stands on one line of the text, and nothing in it moves a terminal',
    async (name) => {
      file(name);
      const { stdout } = await runMemtrace(['file', folder]);
      expect(stdout.split('\n').filter((line) => !line.startsWith('#'))).toHaveLength(3);
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
    },
  );

  test('a name that is not UTF-8 is found and named by its bytes', async () => {
    const raw = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x61, 0xff, 0xfe, 0x62])]);
    writeFileSync(raw, page);
    const expected = {
      filename: `${folder}/a\\xff\\xfeb`,
      filenameBase64: raw.toString('base64'),
      cached: 1,
    };
    expect((await measured([folder])).files).toMatchObject([expected]);
    // Node cannot start a process with such an argument: the shell can.
    const script = `exec "$1" file --format json "$2/$(printf 'a\\377\\376b')"`;
    const stdout = execFileSync('sh', ['-c', script, 'sh', command, folder], { encoding: 'utf8' });
    expect(parseFileOutput(stdout).files).toMatchObject([expected]);
  });
});

describe.skipIf(!canBeNobody())('without the permission to know', () => {
  const wrapper = asNobody();

  test('a file that may be read only is refused: mincore would call all of it cached', async () => {
    const at = file('owned-by-root', 8);
    chmodSync(at, 0o644);
    const { files, refused } = await measured([at], { wrapper, code: 77 });
    expect(files).toEqual([]);
    expect(refused).toMatchObject([{ code: 'file-hidden' }]);
  });

  test('a file that may be written is measured', async () => {
    const at = file('writable', 8);
    chmodSync(at, 0o666);
    expect((await measured([at], { wrapper })).files).toMatchObject([{ cached: 8 }]);
  });

  test('what cannot be opened is named; inside a directory it is no failure but with --strict', async () => {
    const at = file('secret');
    chmodSync(at, 0o600);
    mkdirSync(path.join(folder, 'closed'), { mode: 0o700 });
    const single = await measured([at], { wrapper, code: 77 });
    expect(single.refused).toMatchObject([{ code: 'file-unreadable', named: true }]);
    const { refused } = await measured([folder], { wrapper });
    expect(refused.map(({ code, named }) => ({ code, named }))).toEqual([
      { code: 'file-unreadable', named: false },
      { code: 'file-unreadable', named: false },
    ]);
    const strict = await runMemtrace(['file', '--strict', folder], { wrapper });
    expect(strict.code).toBe(1);
    expect(strict.stderr).toContain('2 files could not be measured');
  });

  test.skipIf(!hasFileSystem('overlay'))('nor is it on overlayfs', async () => {
    const { folder: merged } = fileSystem('overlay');
    chmodSync(path.dirname(merged), 0o755);
    chmodSync(merged, 0o755);
    const at = path.join(merged, 'file');
    writeFileSync(at, page, { mode: 0o644 });
    const { refused } = await measured([at], { wrapper, code: 77 });
    expect(refused).toMatchObject([{ code: 'file-hidden' }]);
  });
});

test.skipIf(!requires('atime', process.getuid?.() === 0, 'it takes root'))(
  'the access time of a file stays as it was',
  async () => {
    const at = file('touched', 4);
    execFileSync('touch', ['--time=access', '--date=2001-01-01', at]);
    await measured(['--pps', at]);
    const [, accessed] = execFileSync('stat', ['--format=%n %X', at], { encoding: 'utf8' })
      .trim()
      .split(' ');
    expect(accessed).toBe(String(Date.UTC(2001, 0, 1) / 1000));
    expect(readFileSync(at)).toHaveLength(4 * 4096);
  },
);
