import { describe, expect, it } from 'vitest';
import { type Diagnosis, diagnosisRow, exitCodeOf } from '../../src/cli/doctor/diagnosis.ts';
import { diagnosisJson, diagnosisText } from '../../src/cli/doctor/print.ts';
import { Failure } from '../../src/errors/failure.ts';
import type { Finding } from '../../src/sources/live/doctor/check.ts';
import { hostChecks, targetChecks } from '../../src/sources/live/doctor/index.ts';
import { canTrace, runMemtrace } from '../support/memtrace.ts';

const ready: Finding = { state: 'ready', found: 'all there' };
const lacking: Finding = { state: 'lacking', found: 'not there', remedy: 'put it there' };
const unprivileged: Finding = {
  state: 'broken',
  failure: new Failure('no-privilege', { missing: ['CAP_BPF'], forWhat: 'tracing' }),
};
const incapable: Finding = {
  state: 'broken',
  failure: new Failure('kernel-lacks', { feature: 'uprobes', detail: '' }),
};

const diagnosis = (...findings: Finding[]): Diagnosis => ({
  pid: null,
  rows: findings.map((finding, at) => diagnosisRow(`check ${at}`, finding)),
});

describe('the doctor', () => {
  it('exits with 0 unless leak cannot run', () => {
    expect(exitCodeOf([diagnosis(ready, lacking)])).toBe(0);
    expect(exitCodeOf([diagnosis(ready, incapable)])).toBe(69);
    expect(exitCodeOf([diagnosis(incapable, unprivileged)])).toBe(77);
    expect(exitCodeOf([diagnosis(ready), { ...diagnosis(unprivileged), pid: 3 }])).toBe(77);
  });

  it('says for each check what was found, and what mends it', () => {
    expect(diagnosisText([diagnosis(ready, lacking, unprivileged)])).toBe(
      [
        'THIS HOST',
        ' check 0               ok      all there',
        ' check 1               lacks   not there',
        '                               remedy: put it there',
        ' check 2               BROKEN  tracing needs CAP_BPF, which this process does not have',
        '                               remedy: run it with sudo, or as a service with AmbientCapabilities=CAP_BPF',
        '',
        'memtrace leak cannot run: see BROKEN above.',
        '',
      ].join('\n'),
    );
  });

  it('says the same as one JSON object on a line', () => {
    const text = diagnosisJson([diagnosis(ready, unprivileged)], '1.2.3');
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(text)).toMatchObject({
      v: 1,
      type: 'doctor',
      ready: false,
      exitCode: 77,
      diagnoses: [{ rows: [{ state: 'ready' }, { state: 'broken', failure: 'no-privilege' }] }],
    });
  });

  it.skipIf(!canTrace())('tries every check here, and finds that leak can run', async () => {
    const args = ['doctor', '-p', `${process.pid}`, '--format', 'json'];
    const { code, stdout, stderr } = await runMemtrace(args);
    expect(stderr).toBe('');
    const { diagnoses } = JSON.parse(stdout) as { diagnoses: Diagnosis[] };
    expect(diagnoses.map(({ rows }) => rows.map(({ name }) => name))).toEqual([
      hostChecks.map(({ name }) => name),
      targetChecks.map(({ name }) => name),
    ]);
    expect(code).toBe(0);
  });
});
