import { cacheProbes } from '../../cache-probes/index.ts';
import { explain } from '../../errors/catalog.ts';
import { Failure } from '../../errors/failure.ts';
import { cacheSelfTest, isRight, type SelfTestStep } from '../../sources/live/cache-self-test.ts';
import type { Finding } from '../../sources/live/doctor/check.ts';
import { countText, percentText } from '../../view/units.ts';
import { type Diagnosis, type DiagnosisRow, diagnosisRow } from './diagnosis.ts';

/** Measures a known workload in each mode that works here. */
export async function testFigures(): Promise<Diagnosis> {
  const rows: DiagnosisRow[] = [];
  for (const { mode } of cacheProbes) {
    const name = `cache ${mode}`;
    try {
      const test = await cacheSelfTest(mode);
      if ('cannot' in test)
        rows.push(diagnosisRow(name, { state: 'lacking', found: `not measured: ${test.cannot}` }));
      else
        for (const step of test.steps)
          rows.push(diagnosisRow(`${step.name}`, stepFinding(step, test.mode)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const found = `does not work here: ${explain(error).message}`;
      rows.push(diagnosisRow(name, { state: 'lacking', found }));
    }
  }
  return { pid: null, isSelfTest: true, rows };
}

/** What was expected and what was measured of a step. */
export function stepFinding(step: SelfTestStep, mode: string): Finding {
  const { expected, measured } = step;
  const text = (accesses: number | null, hits: number | null) =>
    accesses === null || hits === null
      ? 'nothing'
      : `${accesses === 0 ? '-' : percentText(hits / accesses)} of ${countText(accesses)} pages`;
  const wanted = text(expected.accesses, expected.hits);
  const found = text(measured.accesses, measured.hits);
  if (!isRight(step)) {
    const failure = new Failure('self-test-wrong', {
      mode,
      expected: `${wanted} hit (${step.name})`,
      measured: `${found} hit`,
    });
    return { state: 'broken', failure };
  }
  const { readAhead, misses } = measured;
  const shares = `${countText(readAhead ?? 0)} read ahead, ${countText(misses ?? 0)} waited for`;
  return {
    state: 'ready',
    found: `${mode}: expected ${wanted} hit, measured ${found} (${shares})`,
  };
}
