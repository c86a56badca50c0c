import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { builtFile } from '../../../src/native/addon.ts';
import { checkTarget } from '../../../src/sources/live/preflight.ts';
import { isInitialNamespace, missingOf } from '../../../src/sources/live/privileges.ts';
import {
  hasFilter,
  hasShadowStack,
  seccompVerdict,
} from '../../../src/sources/live/return-probes.ts';
import { kernelHasFunction } from '../../../src/system/kallsyms.ts';
import { buildTarget } from '../../support/build-target.ts';
import { requires } from '../../support/require.ts';
import { Target } from '../../support/run-target.ts';

const running: Target[] = [];
afterEach(() => {
  for (const target of running.splice(0)) target.kill();
});

async function start(command: readonly string[]): Promise<Target> {
  const target = await Target.start(command);
  running.push(target);
  return target;
}

const family = buildTarget('family.c', 'dynamic') ?? '';

describe('checkTarget', () => {
  it('lets a process through and leaves it unharmed', async () => {
    const target = await start([family]);
    await expect(checkTarget(target.pid)).resolves.toBeUndefined();
    expect(await target.finish(5)).toBe(5);
  });

  it('refuses a process that is not there', async () => {
    const pidMax = Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8'));
    await expect(checkTarget(pidMax)).rejects.toMatchObject({ code: 'target-missing' });
  });

  it('refuses itself', async () => {
    await expect(checkTarget(process.pid)).rejects.toMatchObject({ code: 'usage' });
  });

  it('refuses a thread, and names its process', async () => {
    const thread = readdirSync('/proc/self/task').find((tid) => tid !== `${process.pid}`);
    await expect(checkTarget(Number(thread))).rejects.toMatchObject({
      code: 'usage',
      facts: { remedy: `memtrace leak -p ${process.pid}` },
    });
  });

  it('refuses a zombie', async () => {
    // The child ends once its parent is cat, which waits for nobody; sh might have.
    const child = '(until grep -q cat /proc/$$/comm; do :; done)';
    const parent = spawn('sh', ['-c', `${child} & echo $!; exec cat`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    try {
      await expect
        .poll(() =>
          execFileSync('ps', ['-o', 'state=', '-p', `${zombie}`])
            .toString()
            .trim(),
        )
        .toBe('Z');
      await expect(checkTarget(zombie)).rejects.toMatchObject({ code: 'target-missing' });
    } finally {
      parent.stdin.end();
    }
  });

  const kernelThread = readdirSync('/proc').find((pid) => {
    try {
      return / 2 0 0 /.test(readFileSync(`/proc/${Number(pid)}/stat`, 'utf8').slice(0, 60));
    } catch {
      return false;
    }
  });
  const sees = requires('kernel threads', kernelThread !== undefined, 'none is in sight');
  it.skipIf(!sees)('refuses a kernel thread', async () => {
    await expect(checkTarget(Number(kernelThread))).rejects.toMatchObject({
      code: 'kernel-thread',
    });
  });

  it('refuses a 32-bit program', async () => {
    const program = buildTarget('no-libc.c', 'bare-32');
    if (!requires('32-bit programs', program !== null, 'gcc has no -m32 here')) return;
    const target = await start([program ?? '']);
    await expect(checkTarget(target.pid)).rejects.toMatchObject({ code: 'target-32-bit' });
  });

  it('needs CAP_SYS_PTRACE for the process of another user, and says so', async () => {
    const root = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0;
    if (!requires('another user', root, 'it takes root and setpriv')) return;
    const target = await start([family]);
    const script = `
      const { checkTarget } = await import(${JSON.stringify(new URL('../../../src/sources/live/preflight.ts', import.meta.url).href)});
      process.setgroups([]); process.setgid(65534); process.setuid(65534);
      console.log(JSON.stringify(await checkTarget(${target.pid}).then(() => null, (e) => [e.code, e.facts])));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toEqual([
      'no-privilege',
      { missing: ['CAP_SYS_PTRACE'], forWhat: `reading the files of process ${target.pid}` },
    ]);
  });
});

describe('the threads of a process', () => {
  const plain = { seccomp: 'none', threadFeatures: [] } as const;
  const filtered = { seccomp: 'filter', threadFeatures: [] } as const;
  const strict = { seccomp: 'strict', threadFeatures: [] } as const;
  const shadowed = { seccomp: 'none', threadFeatures: ['shstk', 'wrss'] } as const;

  it.each([
    ['ordinary ones', [plain, plain], false, false],
    ['one filtered thread among others', [plain, filtered], true, false],
    ['a strict one', [strict], true, false],
    ['one with a shadow stack among others', [plain, shadowed], false, true],
  ] as const)('judges %s', (_, threads, isFiltered, isShadowed) => {
    expect(hasFilter(threads)).toBe(isFiltered);
    expect(hasShadowStack(threads)).toBe(isShadowed);
  });
});

describe('the trial of a seccomp filter', () => {
  const onX64 = requires('x86-64', process.arch === 'x64', 'the system call is of x86-64 alone');
  const trial = (...args: string[]) =>
    spawnSync(builtFile('build/Release/memtrace-uretprobe-check'), args).status;

  it.skipIf(!onX64)('finds that an ordinary system call (getpid) is seen by filters', () => {
    expect(trial('39')).toBe(1);
  });

  it.skipIf(!onX64)(
    'has an answer on this kernel, which is safe where there is no such call',
    async () => {
      expect([0, 1]).toContain(trial());
      if ((await kernelHasFunction('__x64_sys_uretprobe')) === false) expect(trial()).toBe(0);
      expect(await seccompVerdict()).toBe(trial() === 0 ? 'safe' : 'filtered');
    },
  );
});

describe('missingOf', () => {
  it.each([
    ['root', ['CAP_SYS_ADMIN'], true, true, []],
    ['both of the split ones', ['CAP_BPF', 'CAP_PERFMON'], true, true, []],
    ['one of them', ['CAP_BPF'], true, true, ['CAP_PERFMON']],
    ['none', [], true, true, ['CAP_BPF', 'CAP_PERFMON']],
    ['none before they were split', ['CAP_SYS_PTRACE'], false, true, ['CAP_SYS_ADMIN']],
    [
      'all, in a user namespace',
      ['CAP_SYS_ADMIN', 'CAP_BPF', 'CAP_PERFMON'],
      true,
      false,
      ['CAP_BPF in the initial user namespace', 'CAP_PERFMON in the initial user namespace'],
    ],
  ] as const)('with %s', (_, held, isSplit, initial, expected) => {
    expect(missingOf(new Set(held), isSplit, initial)).toEqual(expected);
  });

  it('tells the initial user namespace by its map', () => {
    expect(isInitialNamespace('         0          0 4294967295\n')).toBe(true);
    expect(isInitialNamespace('         0       1000          1\n')).toBe(false);
  });
});
