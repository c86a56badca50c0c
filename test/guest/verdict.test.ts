import { beforeAll, describe, expect, test } from 'vitest';

import type { Diagnosis } from '../../src/cli/doctor/diagnosis.ts';
import { cacheModes } from '../../src/domain/cache-snapshot.ts';
import { runMemtrace } from '../support/memtrace.ts';
import { isLacking } from './guest.ts';

/**
 * Rows of doctor's table, and the capability that each is about. That the kernel really has and lacks these is what the other
 * tests here find: they load, attach and count, or are refused.
 */
const rows = [
  ...(['session', 'multi', 'perf-event'] as const).map((link) => ({
    row: `${link} uprobes`,
    needs: `link ${link}`,
  })),
  ...cacheModes.map((mode) => ({ row: `cache ${mode}`, needs: mode as string })),
  { row: 'kernel', needs: 'kernel' },
  { row: 'privileges', needs: 'bpf' },
  { row: 'kernel BTF', needs: 'btf' },
  { row: 'uprobes', needs: 'bpf' },
  { row: 'return probes', needs: 'safe return probes' },
  { row: 'raw tracepoint, ring', needs: 'bpf' },
  { row: 'classic tracepoint', needs: 'tracefs' },
  { row: 'leak programs', needs: 'bpf' },
  { row: 'memtrace cache', needs: 'cache' },
];

describe('on this kernel, doctor', () => {
  let said: Diagnosis['rows'];
  let exitCode: number | null;

  beforeAll(async () => {
    const { code, stdout } = await runMemtrace(['doctor', '--format', 'json']);
    const { diagnoses } = JSON.parse(stdout) as { readonly diagnoses: readonly Diagnosis[] };
    said = diagnoses[0]?.rows ?? [];
    exitCode = code;
  });

  test.for(rows)('says what is so of $row', ({ row, needs }) => {
    const found = said.find(({ name }) => name === row);
    expect(found).toMatchObject({ state: isLacking(needs) ? 'lacking' : 'ready' });
  });

  test('says that leak can run', () => {
    expect(exitCode).toBe(0);
  });
});
