import { describe, expect, it } from 'vitest';
import { type Diagnosis, diagnosisRow, exitCodeOf } from '../../src/cli/doctor/diagnosis.ts';
import { diagnosisJson, diagnosisText } from '../../src/cli/doctor/print.ts';
import { Failure } from '../../src/errors/failure.ts';
import type { Finding } from '../../src/sources/live/doctor/check.ts';
import { hostChecks, targetChecks } from '../../src/sources/live/doctor/index.ts';
import { stepFinding } from '../../src/cli/doctor/self-test.ts';
import { mapCounts, totalsOf } from '../../src/domain/page-counts.ts';
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

describe('the self-test', () => {
  const measured = (accesses: number, readAhead: number) => {
    const counts = mapCounts((column) => ({ accesses, readAhead })[column as 'accesses'] ?? 0);
    return totalsOf([{ counts, file: { unseen: [] } }]);
  };
  const expected = { accesses: 2048, hits: 0 };

  it('says what was expected and what was measured', () => {
    const step = { name: 'cold read', expected, measured: measured(2048, 2048) } as const;
    expect(stepFinding(step, 'fentry')).toEqual({
      state: 'ready',
      found:
        'fentry: expected 0.00% of 2,048 pages hit, measured 0.00% of 2,048 pages (2,048 read ahead, 0 waited for)',
    });
  });

  it('fails where it was another number of hits, or of pages', () => {
    const wrong = { name: 'cold read', expected, measured: measured(2048, 2047) } as const;
    const finding = stepFinding(wrong, 'fentry');
    expect(finding).toMatchObject({ state: 'broken', failure: { code: 'self-test-wrong' } });
    const few = { name: 'cold read', expected, measured: measured(2047, 2047) } as const;
    expect(stepFinding(few, 'fentry').state).toBe('broken');
    const diagnoses = [{ ...diagnosis(finding), isSelfTest: true as const }];
    expect(exitCodeOf(diagnoses)).toBe(69);
    expect(diagnosisText([diagnosis(ready), ...diagnoses])).toMatch(
      /SELF-TEST\n.*measured 0\.05% of 2,048 pages hit[^]*\nmemtrace leak can run\.\nmemtrace cache does not measure what is: see BROKEN above\.\n$/,
    );
  });

  it.skipIf(!canTrace())('measures what is, in each mode that works here', async () => {
    const { stdout } = await runMemtrace(['doctor', '--selftest', '--format', 'json']);
    const { diagnoses } = JSON.parse(stdout) as { diagnoses: Diagnosis[] };
    const [, test] = diagnoses;
    expect(test).toMatchObject({ isSelfTest: true });
    expect(test?.rows.filter(({ state }) => state === 'broken')).toEqual([]);
    expect(test?.rows.map(({ found }) => found).join('\n')).toMatch(
      /expected 50\.00% of [\d,]+ pages hit, measured 50\.00% of/,
    );
  });
});
