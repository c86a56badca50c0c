import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { buildTarget, type Variant } from '../support/build-target.ts';
import { program } from '../support/library.ts';
import { LineQueue } from '../support/line-queue.ts';
import { canTrace, runMemtrace } from '../support/memtrace.ts';
import { requires } from '../support/require.ts';
import { Target } from '../support/run-target.ts';

/** A process id that nobody has: the one just ended of a child would do, but pid_max is never given out. */
const nobody = readFileSync('/proc/sys/kernel/pid_max', 'utf8').trim();

function kernelThread(): string | null {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.find((pid) => commandLine(pid) === '' && parent(pid) === '2') ?? null;
}

function commandLine(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return null;
  }
}

const parent = (pid: string): string | undefined =>
  /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

const folder = mkdtempSync(path.join(tmpdir(), 'memtrace-refusals-'));
const plainFile = path.join(folder, 'plain');
writeFileSync(plainFile, 'not a program\n');
chmodSync(plainFile, 0o644);

interface Row {
  readonly title: string;
  readonly args: readonly string[];
  readonly code: number;
  readonly says: RegExp;
}

const own = `${process.pid}`;
const rows: readonly Row[] = [
  { title: 'no such process', args: ['-p', nobody], code: 66, says: /not running/ },
  {
    title: 'no process of that name',
    args: ['--name', 'no-such-name'],
    code: 66,
    says: /no process/,
  },
  { title: 'no such command', args: ['--', '/no/such/command'], code: 66, says: /no command/ },
  { title: 'a file that is no program', args: ['--', plainFile], code: 66, says: /executed/ },
  { title: 'a process and a command', args: ['-p', own, '--', 'true'], code: 64, says: /command/ },
  { title: 'a process and -c', args: ['-p', own, '-c', 'true'], code: 64, says: /command/ },
  {
    title: 'an unknown option',
    args: ['-p', own, '--no-such-option'],
    code: 64,
    says: /no-such-option/,
  },
  { title: 'a number that is none', args: ['-p', own, 'often'], code: 64, says: /often/ },
  { title: 'a process id that is none', args: ['-p', 'init'], code: 64, says: /init/ },
  { title: 'an interval of 0', args: ['-p', own, '0'], code: 64, says: /0/ },
  { title: 'min > max', args: ['-p', own, '-z', '10', '-Z', '5'], code: 64, says: /10.*5|5.*10/ },
  { title: 'a sort that is none', args: ['-p', own, '--sort', 'age'], code: 64, says: /sort/ },
  { title: 'a format that is none', args: ['-p', own, '--format', 'xml'], code: 64, says: /xml/ },
  { title: 'a command that is missing', args: ['--'], code: 64, says: /command/i },
];

/** What every refusal looks like: nothing on stdout, one sentence and one remedy on stderr, no stack trace. */
function expectRefusal(
  outcome: { code: number | null; stdout: string; stderr: string },
  row: Omit<Row, 'args' | 'title'>,
): void {
  expect(outcome.stderr).toMatch(row.says);
  expect(outcome.stderr).toMatch(/^memtrace: [^\n]+\n {2}remedy: [^\n]+\n$/);
  expect(outcome.stdout).toBe('');
  expect(outcome.code).toBe(row.code);
}

describe('a request that cannot be met is one sentence, one remedy and an exit code', () => {
  test.for(rows)('$title: exit $code', async (row) => {
    expectRefusal(await runMemtrace(['leak', '--plain', ...row.args]), row);
  });

  const thread = kernelThread();

  test.skipIf(
    !requires('kernel threads', thread !== null, 'none is to be seen in this PID namespace'),
  )('a kernel thread', async () => {
    const outcome = await runMemtrace(['leak', '-p', thread ?? '']);
    expectRefusal(outcome, { code: 66, says: /kernel thread/ });
  });
});

describe.skipIf(!canTrace())('a process that has ended and was not waited for', () => {
  test('is not running: exit 66', async () => {
    // The child ends once its parent is sleep, which waits for nobody; sh might have.
    const child = '(until grep -q sleep /proc/$$/comm; do :; done)';
    const parent = spawn('sh', ['-c', `${child} & echo $!; exec sleep 1000`], { stdio: 'pipe' });
    try {
      const lines = new LineQueue(parent.stdout);
      const zombie = await lines.next(() => true);
      await vi.waitFor(() => expect(commandLine(zombie)).toBe(''));
      await vi.waitFor(() => expect(commandLine(`${parent.pid}`)).toContain('sleep'));
      const outcome = await runMemtrace(['leak', '-p', zombie]);
      expectRefusal(outcome, { code: 66, says: /not running|ended/ });
    } finally {
      parent.kill('SIGKILL');
    }
  });
});

const unfit: readonly {
  title: string;
  source: string;
  variant: Variant;
  code: number;
  says: RegExp;
}[] = [
  { title: '32-bit', source: 'no-libc.c', variant: 'bare-32', code: 69, says: /32-bit/ },
  {
    title: 'without an allocator',
    source: 'no-libc.c',
    variant: 'bare',
    code: 66,
    says: /no allocator/,
  },
  {
    title: 'static and stripped',
    source: 'lives.c',
    variant: 'static-stripped',
    code: 66,
    says: /no allocator/,
  },
];

describe.skipIf(!canTrace())('a program that cannot be traced', () => {
  for (const row of unfit) {
    const built = buildTarget(row.source, row.variant);
    const here = requires(row.variant, built !== null, 'its compiler is missing');

    test.skipIf(!here)(`${row.title}: exit ${row.code}, and it goes on`, async () => {
      const target = await Target.start([built ?? '']);
      try {
        expectRefusal(await runMemtrace(['leak', '-p', `${target.pid}`]), row);
        process.kill(target.pid, 0);
      } finally {
        target.kill();
      }
    });
  }
});

const setpriv = program('setpriv');
const isRoot = process.getuid?.() === 0;
const unprivileged = [
  setpriv ?? '',
  '--reuid=65534',
  '--regid=65534',
  '--clear-groups',
  '--bounding-set=-all',
  '--inh-caps=-all',
];

describe.skipIf(!requires('setpriv', setpriv !== null && isRoot, 'it takes root and setpriv'))(
  'without privilege',
  () => {
    test('says which capability is missing: exit 77', async () => {
      const outcome = await runMemtrace(['leak', '-p', own], { wrapper: unprivileged });
      expectRefusal(outcome, { code: 77, says: /CAP_[A-Z_]+/ });
    });

    test('doctor says so too, and that leak cannot run', async () => {
      const outcome = await runMemtrace(['doctor'], { wrapper: unprivileged });
      expect(outcome.stdout + outcome.stderr).toMatch(/CAP_BPF/);
      expect(outcome.code).toBeGreaterThan(0);
    });
  },
);
