import { describe, expect, it } from 'vitest';
import { verdicts } from '../../../src/domain/triage/verdicts.ts';
import { SyntheticMachine, triageHistory } from '../../support/synthetic-triage.ts';

describe('a machine on which nothing moves', () => {
  it('is healthy', () => {
    const found = verdicts(triageHistory(() => ({})));
    expect(found.map(({ code, severity }) => [code, severity])).toEqual([['healthy', 'ok']]);
  });

  it('is the same machine at every snapshot of a synthetic source, and at its close', async () => {
    const source = new SyntheticMachine();
    const first = await source.snapshot();
    const closed = await source.close();
    expect([first.elapsed, closed.elapsed, closed.ended]).toEqual([0, 1000, 'stopped']);
    expect(await source.close()).toBe(closed);
  });
});
