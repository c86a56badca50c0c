import { describe, expect, test } from 'vitest';

import { buildTarget } from '../support/build-target.ts';
import { canTrace, runMemtrace } from '../support/memtrace.ts';

const app = buildTarget('app.c', 'dynamic') ?? '';
const kinds = [
  'malloc',
  'calloc',
  'realloc',
  'posix_memalign',
  'aligned_alloc',
  'memalign',
  'valloc',
  'pvalloc',
] as const;

const header = /^\[\d\d:\d\d:\d\d\] Top \d+ stacks with outstanding allocations:/;
const stackLine = /^\s*(\d+) bytes in (\d+) allocations from stack/;

describe.skipIf(!canTrace())('what scripts that drive memleak expect', () => {
  test.for(kinds)('-c "app %s 30000" -T 1 1 2: two reports, line by line', async (kind) => {
    const args = ['leak', '-c', `${app} ${kind} 30000`, '-T', '1', '1', '2'];
    const { code, stdout } = await runMemtrace(args);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => header.test(line))).toHaveLength(2);
    const stacks = lines.flatMap((line) => {
      const [, size, count] = stackLine.exec(line) ?? [];
      return size === undefined ? [] : [{ size: Number(size), count: Number(count) }];
    });
    expect(stacks).toHaveLength(2);
    for (const { size, count } of stacks) expect(size).toBe(count * 30_000);
    expect(stacks[1]?.count).toBeGreaterThan(stacks[0]?.count ?? 0);
    const leak = `leak_${kind}`;
    expect(
      lines.filter((line) => line.includes(`${leak}+0x`) && line.includes('[app]')),
    ).toHaveLength(2);
    expect(stdout).not.toContain('\u001B');
    expect(code).toBe(0);
  });

  test('one block that is leaked once', async () => {
    const args = ['leak', '-c', `${app} malloc 30000 0`, '-T', '1', '1', '1'];
    const { code, stdout } = await runMemtrace(args);
    expect(stdout).toMatch(/^\s*30000 bytes in 1 allocations from stack/m);
    expect(code).toBe(0);
  });

  test('a mapping is told, but not as a block', async () => {
    const args = ['leak', '-c', `${app} mmap 30000 0`, '1', '1'];
    const { code, stdout } = await runMemtrace(args);
    expect(stdout).not.toMatch(stackLine);
    expect(stdout).toContain('leak_mmap+0x');
    expect(code).toBe(0);
  });

  test('-a lists the blocks, -t the events', async () => {
    const blocks = await runMemtrace(['leak', '-a', '-c', `${app} malloc 30000 0`, '1', '1']);
    expect(blocks.stdout).toMatch(/^\s*addr = 0x[0-9a-f]+ size = 30000/m);
    const events = await runMemtrace([
      'leak',
      '-t',
      '--duration',
      '1',
      '-c',
      `${app} malloc 30000 0`,
    ]);
    expect(events.stdout).toMatch(/alloc.*30000/);
  });

  test('sizes out of bounds are not followed', async () => {
    const small = await runMemtrace([
      'leak',
      '-Z',
      '20000',
      '-c',
      `${app} malloc 30000 0`,
      '1',
      '1',
    ]);
    expect(small.stdout).not.toMatch(/30000 bytes/);
    const big = await runMemtrace(['leak', '-z', '30000', '-c', `${app} malloc 30000 0`, '1', '1']);
    expect(big.stdout).toMatch(/30000 bytes in 1 allocations/);
  });

  test('--dry-run prints the plan and attaches nothing', async () => {
    const { code, stdout } = await runMemtrace(['leak', '--dry-run', '-p', `${process.pid}`]);
    expect(stdout).toMatch(/\bmalloc\b/);
    expect(stdout).toMatch(/\bfree\b/);
    expect(code).toBe(0);
  });
});
