import { afterAll, describe, expect, it } from 'vitest';
import { buildTarget } from '../support/build-target.ts';
import { runMemtrace } from '../support/memtrace.ts';
import { asNobody, canBeNobody } from '../support/nobody.ts';
import { Target } from '../support/run-target.ts';
import { validTriage } from '../support/triage-schema.ts';

const program = buildTarget('pressure.c', 'dynamic') ?? '';
const targets: Target[] = [];
afterAll(() => {
  for (const target of targets) target.kill();
});

async function start(...args: string[]): Promise<Target> {
  const target = await Target.start([program, ...args]);
  targets.push(target);
  return target;
}

interface Segments {
  readonly pid: number;
  readonly segments: readonly { readonly kind: string; readonly growth: number | null }[];
}

describe('memtrace triage', () => {
  it('prints JSON that keeps to its schema', async () => {
    const { code, stdout, stderr } = await runMemtrace(['--format', 'json', '--duration', '1s']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const line = validTriage(stdout);
    expect(line).toMatchObject({ type: 'triage', host: { pageSizeBytes: 4096 } });
    expect(line['processCount']).toBeGreaterThan(0);
  });

  it('prints text where there is no terminal: the verdict, free’s figures, and processes', async () => {
    const { code, stdout } = await runMemtrace(['--duration', '1s']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^memtrace triage {2}.*Linux/);
    expect(stdout).toMatch(/^(OK|NOTE|WARNING|CRITICAL): /m);
    expect(stdout).toMatch(/^Mem +\S+ +\S+ +\S+ +\S+ +\S+ +\S+$/m);
    expect(stdout).toMatch(/^ +PID +OWN\/MIN .* COMMAND$/m);
  });

  it('says which part of a process grows, and puts its verdict first', async () => {
    const { pid } = await start('leak', '200000');
    const words = `triage -p ${pid} --format json --duration 8s`;
    const { stdout } = await runMemtrace(words.split(' '));
    const line = validTriage(stdout);
    expect(line).toMatchObject({
      verdicts: expect.arrayContaining([
        expect.objectContaining({
          code: 'process-growth',
          subject: expect.objectContaining({ pid }),
          next: expect.objectContaining({ argv: ['memtrace', 'leak', '-p', String(pid)] }),
        }),
      ]),
    });
    const [largest] = line['processes'] as object[];
    expect(largest).toMatchObject({ pid, command: expect.stringMatching(/^pressure/) });
    const [{ segments }] = line['segments'] as [Segments];
    const grown = segments.toSorted((a, b) => (b.growth ?? 0) - (a.growth ?? 0));
    // Blocks of 200 kB are mappings of their own: malloc's threshold is 128 KiB at first.
    expect(grown[0]?.kind).toBe('anonymous');
    // 200 kB, twenty times a second.
    expect(grown[0]?.growth).toBeGreaterThan(1e6);
    expect(grown[1]?.growth).toBeLessThan(1e5);
  });

  it.skipIf(!canBeNobody())('works without root, and says what is not visible then', async () => {
    const { pid } = await start('hold', '1000000');
    const { code, stdout } = await runMemtrace(
      ['triage', '-p', String(pid), '--format', 'json', '--duration', '1s'],
      { wrapper: asNobody() },
    );
    expect(code).toBe(0);
    const line = validTriage(stdout);
    expect(line['verdict']).not.toBeNull();
    expect(line['unseen']).toEqual(
      expect.arrayContaining([
        { what: 'slab caches by name', path: '/proc/slabinfo', why: 'no-privilege' },
        { what: `segments of process ${pid}`, path: `/proc/${pid}/smaps`, why: 'no-privilege' },
      ]),
    );
  });

  it('refuses a process that is not there', async () => {
    const { code, stderr } = await runMemtrace(['triage', '-p', '4194303']);
    expect(stderr).toMatch(/^memtrace: process 4194303 is not running\n {2}remedy: /);
    expect(code).toBe(66);
  });

  it('explains every verdict without looking at anything', async () => {
    const { code, stdout } = await runMemtrace(['--explain']);
    expect(code).toBe(0);
    expect(stdout).toContain(' leak suspected (process-leak)\n');
    expect(stdout).toContain(' healthy (healthy)\n');
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  });
});
