import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveFilter } from '../../src/cli/cache/filter.ts';

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'memtrace-filter-')));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'file');
writeFileSync(file, 'x');
symlinkSync('file', path.join(folder, 'link'));

const none = { pids: [], files: [], cgroup: null };

describe('what memtrace cache is confined to', () => {
  it('is nothing where nothing is asked for', async () => {
    expect(await resolveFilter(none)).toEqual({ filter: none, text: null, notices: [] });
  });

  it('is the file that a name leads to, by its number and that of its device', async () => {
    const [device, inode] = execFileSync('stat', ['-c', '%Hd:%Ld %i', file], { encoding: 'utf8' })
      .trim()
      .split(' ');
    const { filter, text, notices } = await resolveFilter({
      ...none,
      files: [path.join(folder, 'link'), path.relative(process.cwd(), file)],
    });
    const wanted = { path: file, isDirectory: false, device, inode: BigInt(inode ?? 0) };
    expect(filter.files).toEqual([wanted, wanted]);
    expect(text).toBe(`file ${file}, ${file}`);
    expect(notices).toEqual([]);
  });

  it('may be a directory, and what is not there yet', async () => {
    const { filter, notices } = await resolveFilter({ ...none, files: [folder, `${folder}/new`] });
    expect(filter.files).toMatchObject([
      { path: folder, isDirectory: true },
      { path: `${folder}/new`, isDirectory: true, device: null, inode: null },
    ]);
    expect(notices).toMatchObject([{ code: 'file-not-here' }]);
  });

  it.each([
    ['/system.slice', '/system.slice'],
    ['system.slice/', '/system.slice'],
    ['/', '/'],
  ])('is the control group %s as %s', async (cgroup, expected) => {
    const { filter, text } = await resolveFilter({ ...none, cgroup });
    expect(filter.cgroup).toBe(expected);
    expect(text).toBe(`cgroup ${expected}`);
  });

  it('is processes that run', async () => {
    const { text } = await resolveFilter({ ...none, pids: [process.pid] });
    expect(text).toBe(`pid ${process.pid}`);
    await expect(resolveFilter({ ...none, pids: [4_194_304] })).rejects.toMatchObject({
      code: 'process-missing',
    });
  });
});
