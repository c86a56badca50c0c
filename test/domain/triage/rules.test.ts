import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/domain/triage/rules/index.ts';
import { verdicts } from '../../../src/domain/triage/verdicts.ts';
import { triageHistory } from '../../support/synthetic-triage.ts';
import { growthCases } from './growth-cases.ts';
import { pressureCases } from './pressure-cases.ts';

const cases = [...growthCases, ...pressureCases];

describe('the first verdict', () => {
  it.each(cases)('of %s', (_, script, code, severity, sentence, next) => {
    const found = verdicts(triageHistory(script));
    const [first] = found;
    expect([first?.code, first?.severity]).toEqual([code, severity]);
    expect(first?.sentence).toMatch(sentence);
    expect(first?.next?.argv.join(' ') ?? null).toBe(next);
  });

  it('has a case for every rule', () => {
    const covered = new Set(cases.map(([, , code]) => code));
    expect(rules.map(({ code }) => code).filter((code) => !covered.has(code))).toEqual([]);
  });
});
