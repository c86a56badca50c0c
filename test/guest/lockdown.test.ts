import { readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';

import type { Diagnosis } from '../../src/cli/doctor/diagnosis.ts';
import { runMemtrace } from '../support/memtrace.ts';

/** That was booted with lockdown=confidentiality. */
describe('on this kernel, locked down', () => {
  test('the kernel is locked down', () => {
    expect(readFileSync('/sys/kernel/security/lockdown', 'utf8')).toContain('[confidentiality]');
  });

  test('doctor says so, and that leak cannot run', async () => {
    const { code, stdout } = await runMemtrace(['doctor', '--format', 'json']);
    const { diagnoses } = JSON.parse(stdout) as { readonly diagnoses: readonly Diagnosis[] };
    expect(diagnoses[0]?.rows.find(({ name }) => name === 'lockdown')).toMatchObject({
      state: 'broken',
      failure: 'locked-down',
    });
    expect(code).toBe(69);
  });

  test.for([
    { command: ['leak', '-p', `${process.pid}`, '0.1', '1'] },
    { command: ['leak', '0.1', '1'] },
    { command: ['cache', '0.1', '1'] },
  ])('$command says so in a sentence', async ({ command }) => {
    const { code, stderr } = await runMemtrace(command);
    expect(stderr).toMatch(/^memtrace: [^\n]*locked down[^\n]*\n {2}remedy: [^\n]+\n$/);
    expect(code).toBe(69);
  });
});
