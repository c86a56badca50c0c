import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ProbePlan } from '../../../src/allocators/allocator.ts';
import {
  type Command,
  envCommand,
  interpreterChain,
  parseShebang,
} from '../../../src/sources/live/interpreter-chain.ts';
import { closePlan, planProbes } from '../../../src/sources/live/plan.ts';
import { parseLoaderList, planCommand } from '../../../src/sources/live/plan-command.ts';
import { buildTarget, type Variant } from '../../support/build-target.ts';
import { library } from '../../support/library.ts';
import { requires } from '../../support/require.ts';
import { Target } from '../../support/run-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'memtrace-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

const running: Target[] = [];
const plans: ProbePlan[] = [];
afterEach(() => {
  for (const plan of plans.splice(0)) closePlan(plan);
  for (const target of running.splice(0)) target.kill();
});

const command = (argv: readonly string[], env: Record<string, string> = {}): Command => ({
  argv,
  cwd: folder,
  env: { ...process.env, ...env },
});

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

const planned = (argv: readonly string[], env?: Record<string, string>): Promise<ProbePlan> =>
  planCommand(argv, command(argv, env));

const rowsOf = (plan: ProbePlan): string[] =>
  plan.rows.map((row) => `${row.allocator} ${row.symbol} ${row.offset} ${row.path}`).sort();

describe('the plan of a command', () => {
  const dynamic = buildTarget('family.c', 'dynamic') ?? '';
  symlinkSync(dynamic, join(folder, 'linked'));

  async function expectSameRows(argv: readonly string[], env: Record<string, string> = {}) {
    const before = await planned(argv, env);
    plans.push(before);
    const target = await Target.start(argv, { env, cwd: folder });
    running.push(target);
    const after = await planProbes(target.pid);
    plans.push(after);
    expect(rowsOf(before)).toEqual(rowsOf(after));
    expect(before.pid).toBe(0);
    return { before, after };
  }

  const variants: Variant[] = ['dynamic', 'static', 'stripped', 'musl', 'musl-static', 'no-pie'];
  it.each(variants)('is that of the process once it runs: %s', async (variant) => {
    const program = buildTarget('family.c', variant);
    if (!requires(variant, program !== null, 'it cannot be built here')) return;
    const { before, after } = await expectSameRows([program ?? '']);
    expect([...before.objects].sort()).toEqual([...after.objects].sort());
  });

  it('knows an allocator that the environment preloads', async () => {
    const path = library('libjemalloc');
    if (!requires('jemalloc', path !== null, 'libjemalloc.so.2 is not installed')) return;
    const { before } = await expectSameRows([dynamic], { LD_PRELOAD: path ?? '' });
    expect(before.rows.some((row) => row.allocator === 'jemalloc')).toBe(true);
  });

  it('finds the command by a relative path, through a link, and in PATH', async () => {
    await expectSameRows(['./linked']);
    const inPath = await planned(['linked'], { PATH: `/nowhere:${folder}` });
    plans.push(inPath);
    expect(inPath.rows.some((row) => row.symbol === 'malloc')).toBe(true);
  });

  it("is that of a script's interpreter", async () => {
    await expectSameRows([script('by-program', `#!${dynamic}\n`)]);
  });

  it('has what the environment of `env` leads to', async () => {
    const path = script('by-env', '#!/usr/bin/env linked\n');
    await expectSameRows([path], { PATH: `${folder}:${process.env['PATH']}` });
  });

  it('runs nothing of the command', async () => {
    const mark = join(folder, 'mark');
    const made = await planned([script('marks', `#!/bin/sh\ntouch ${mark}\n`)]);
    plans.push(made);
    expect(() => writeFileSync(mark, '', { flag: 'wx' })).not.toThrow();
  });

  it.each([
    ['no-such-command', 'command-missing'],
    ['./no/such/command', 'command-missing'],
    ['/tmp', 'command-not-executable'],
    ['/etc/passwd', 'command-not-executable'],
  ])('fails for %s with %s', async (name, code) => {
    await expect(planned([name])).rejects.toMatchObject({ code });
  });
});

describe('interpreterChain', () => {
  it('takes a script without a first line as one of sh', () => {
    const chain = interpreterChain(command([script('plain', 'echo\n')]));
    expect(chain).toEqual(['/bin/sh']);
  });

  it('ends where scripts name each other', () => {
    const path = script('itself', `#!${folder}/itself\n`);
    expect(() => interpreterChain(command([path]))).toThrow(/command-not-executable/);
  });
});

describe('parseShebang', () => {
  it.each([
    ['#!/bin/sh\n', '/bin/sh', null],
    ['#! /bin/sh -e -u\necho\n', '/bin/sh', '-e -u'],
    ['#!/usr/bin/env python3', '/usr/bin/env', 'python3'],
    ['#!/bin/sh \n#x', '/bin/sh', null],
  ])('reads %j', (head, interpreter, argument) => {
    expect(parseShebang(head)).toEqual({ interpreter, argument });
  });

  it('is null for other texts', () => {
    expect(parseShebang('echo #!/bin/sh\n')).toBeNull();
  });
});

describe('envCommand', () => {
  it.each([
    ['python3', 'python3'],
    ['-S node --expose-gc', 'node'],
    ['-i A=b node', 'node'],
    [null, null],
  ])('finds the command in %j', (argument, expected) => {
    expect(envCommand(argument)).toBe(expected);
  });
});

describe('parseLoaderList', () => {
  it('reads the lists of glibc and musl, and paths with spaces', () => {
    const text = [
      '\tlinux-vdso.so.1 (0x00007fc9cbdcb000)',
      '\t/opt/my libs/libpre.so (0x00007fc9cba00000)',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fc9cb81e000)',
      '\tlibgone.so.1 => not found',
      '\t./librel.so (0x00007fc9cba00000)',
      '\tlibc.so => /lib/ld-musl-x86_64.so.1 (0x7fb3fe542000)',
      '\tstatically linked',
    ].join('\n');
    expect(parseLoaderList(text)).toEqual([
      '/opt/my libs/libpre.so',
      '/lib/x86_64-linux-gnu/libc.so.6',
      './librel.so',
      '/lib/ld-musl-x86_64.so.1',
    ]);
  });
});
