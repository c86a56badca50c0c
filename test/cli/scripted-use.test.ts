import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildTarget } from '../support/build-target.ts';
import { canTrace, runMemtrace } from '../support/memtrace.ts';

const command = path.resolve(import.meta.dirname, '../../scripts/memtrace');
const app = buildTarget('app.c', 'dynamic') ?? '';

/** As scripts around memleak read it: the first word of the last line that says 'byte'. */
const lastBytes = (stdout: string): string | undefined =>
  stdout
    .split('\n')
    .findLast((line) => line.includes('byte'))
    ?.trim()
    .split(/\s+/)[0];

describe.skipIf(!canTrace())('a script that reads the text', () => {
  it.each([[['-T', '1', '1', '2']], [['-z', '30000', '-s', '1', '1', '1']], [['-a', '1', '1']]])(
    'finds the leaked bytes in the last line that says byte: %j',
    async (options) => {
      const args = ['leak', '-c', `${app} malloc 30000 0`, ...options];
      const { code, stdout, stderr } = await runMemtrace(args);
      expect(stderr).toBe('');
      expect(lastBytes(stdout)).toBe('30000');
      expect(code).toBe(0);
    },
  );

  it('finds every report whole in the pipe before the next is made', async () => {
    const { stdout } = await runMemtrace(['leak', '-c', `${app} malloc 30000 0`, '0.2', '3']);
    const reports = stdout.split(/^\[\d\d:\d\d:\d\d\] Top /m).slice(1);
    expect(reports).toHaveLength(3);
    for (const report of reports) expect(lastBytes(report)).toBe('30000');
  });
});

describe.skipIf(!canTrace())('a reader that goes away', () => {
  it('ends memtrace quietly, and the target goes on', async () => {
    const target = spawn(app, ['malloc', '100'], { stdio: 'ignore' });
    try {
      const script = `"${command}" leak -p ${target.pid} 0.2 | head -n 1; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script]);
      expect(stdout).toBe(`Attaching to pid ${target.pid}, Ctrl+C to quit.\n0\n`);
      expect(stderr).toBe('');
      expect(target.exitCode ?? target.signalCode).toBe(null);
    } finally {
      target.kill();
    }
  });
});
