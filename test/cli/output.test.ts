import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outputTo } from '../../src/cli/output.ts';

describe('output', () => {
  it('keeps the order of what is written, also without waiting', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'memtrace-output-'));
    const fd = openSync(join(directory, 'out'), 'w');
    const output = outputTo(fd);
    const lines = Array.from({ length: 50 }, (_, n) => `line ${n}\n`);
    expect(await Promise.all(lines.map((line) => output.write(line)))).not.toContain(false);
    closeSync(fd);
    expect(readFileSync(join(directory, 'out'), 'utf8')).toBe(lines.join(''));
    rmSync(directory, { recursive: true });
  });

  it('says that nobody reads any more when the pipe has no reader', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'memtrace-output-'));
    const path = join(directory, 'fifo');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const fd = openSync(path, 'w');
    closeSync(reader);
    expect(await outputTo(fd).write('nobody\n')).toBe(false);
    closeSync(fd);
    rmSync(directory, { recursive: true });
  });

  it('fails when there is no room', async () => {
    const fd = openSync('/dev/full', 'w');
    await expect(outputTo(fd).write('a line\n')).rejects.toMatchObject({
      code: 'output-unwritable',
      facts: { errno: 'ENOSPC' },
    });
    closeSync(fd);
  });
});
