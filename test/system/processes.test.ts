import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ancestorsOf, pidsByName, readProcesses } from '../../src/system/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'memtrace-names-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `body` beside a `cat` that runs under another file name, and under another argv[0]. */
async function besideCat<T>(
  file: string,
  argv0: string,
  body: (pid: number) => Promise<T>,
): Promise<T> {
  const path = join(folder, file);
  copyFileSync(realpathSync('/bin/cat'), path);
  const cat = spawn(path, [], { argv0, stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    cat.stdin.write('up\n');
    await once(cat.stdout, 'data');
    return await body(cat.pid!);
  } finally {
    cat.stdin.end();
    await once(cat, 'exit');
  }
}

describe('pidsByName', () => {
  it('finds a process by its comm, its executable longer than a comm, and its argv[0]', async () => {
    const file = 'memtrace-name-test-long';
    const found = await besideCat(file, '/srv/worker-7341', async (pid) => ({
      pid,
      byComm: await pidsByName(file.slice(0, 15)),
      byFile: await pidsByName(file),
      byArgv0: await pidsByName('worker-7341'),
      byPart: await pidsByName('worker-734'),
    }));
    expect(found).toEqual({
      pid: found.pid,
      byComm: [found.pid],
      byFile: [found.pid],
      byArgv0: [found.pid],
      byPart: [],
    });
  });

  it('leaves out this process and its ancestors', async () => {
    const ours = ancestorsOf(process.pid, await readProcesses());
    expect(ours).toContain(process.ppid);
    const found = await pidsByName(basename(process.execPath));
    expect(found.filter((pid) => ours.has(pid))).toEqual([]);
  });
});
