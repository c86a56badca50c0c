import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import type { Diagnosis } from '../../src/cli/doctor/diagnosis.ts';
import { buildTarget } from '../support/build-target.ts';
import { runMemtrace, Tracer } from '../support/memtrace.ts';
import { keptBy } from '../support/report.ts';
import { Target } from '../support/run-target.ts';

const family = buildTarget('family.c', 'dynamic') ?? '';

/** Hides the kernel's own word of it, as in a container. */
const withoutSecurityfs = ['unshare', '--mount', 'sh', '-c'].concat(
  'umount /sys/kernel/security && exec "$0" "$@"',
);

/** That was booted with lockdown=confidentiality. */
describe('on this kernel, locked down', () => {
  test('the kernel is locked down', () => {
    expect(readFileSync('/sys/kernel/security/lockdown', 'utf8')).toContain('[confidentiality]');
  });

  test.for([
    { where: 'where the kernel tells it', wrapper: [], lockdown: /^confidentiality: / },
    {
      where: 'without securityfs',
      wrapper: withoutSecurityfs,
      lockdown: /cannot be told: securityfs is not mounted/,
    },
  ])('doctor says what it means, $where', async ({ wrapper, lockdown }) => {
    const { code, stdout } = await runMemtrace(['doctor', '--format', 'json'], { wrapper });
    const { diagnoses } = JSON.parse(stdout) as { readonly diagnoses: readonly Diagnosis[] };
    const rowOf = (row: string) => diagnoses[0]?.rows.find(({ name }) => name === row);
    expect(rowOf('lockdown')).toMatchObject({
      state: 'lacking',
      found: expect.stringMatching(lockdown),
    });
    expect(rowOf('leak programs')).toMatchObject({ state: 'lacking' });
    expect(rowOf('memtrace cache')).toMatchObject({ state: 'lacking', failure: 'locked-down' });
    expect(code).toBe(0);
  });

  test.for([
    { command: ['leak', '0.1', '1'], wrapper: [] },
    { command: ['cache', '0.1', '1'], wrapper: [] },
    { command: ['leak', '0.1', '1'], wrapper: withoutSecurityfs },
    { command: ['cache', '0.1', '1'], wrapper: withoutSecurityfs },
  ])('$command says so in a sentence, after $wrapper', async ({ command, wrapper }) => {
    const { code, stderr } = await runMemtrace(command, { wrapper });
    expect(stderr).toMatch(
      /^memtrace: [^\n]*locked down[^\n]*kernel memory[^\n]*\n {2}remedy: [^\n]+\n$/,
    );
    expect(code).toBe(69);
  });

  test.for([{ wrapper: [] }, { wrapper: withoutSecurityfs }])(
    'leaks of a process are traced exactly, and its forks are said not to be, after $wrapper',
    async ({ wrapper }) => {
      const target = await Target.start([family]);
      try {
        const tracer = await Tracer.attach(['-p', `${target.pid}`, '1'], { wrapper });
        await target.run('by_malloc_small', 3);
        const report = await tracer.stop();
        expect(keptBy(report, 'by_malloc_small')).toEqual({ bytes: 300, blocks: 3 });
        expect(report.notices).toContainEqual({
          code: 'forks-unseen',
          text: expect.stringContaining('locked down'),
        });
        expect(await target.finish(7)).toBe(7);
      } finally {
        target.kill();
      }
    },
  );
});
