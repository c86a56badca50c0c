import { describe, expect, it } from 'vitest';
import { verdicts } from '../../../src/domain/triage/verdicts.ts';
import {
  MiB,
  processUse,
  SyntheticMachine,
  triageHistory,
} from '../../support/synthetic-triage.ts';

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

describe('a process that is quiet', () => {
  const codes = (own: (step: number) => number) =>
    verdicts(
      triageHistory((step) => ({ processes: [processUse('node[9]', own(step), {})] }), 12),
    ).map(({ code }) => code);

  it.each([
    ['jumps once', (step: number) => (step < 5 ? 100 : 140) * MiB],
    [
      'is a saw-tooth of garbage and its collection',
      (step: number) => (100 + (step % 4) * 5) * MiB,
    ],
    ['warms up and levels off', (step: number) => (200 - 100 / (1 + step)) * MiB],
    ['shrinks', (step: number) => (200 - step) * MiB],
    ['grows by less than 512 KiB', (step: number) => 100 * MiB + step * 30_000],
  ])('%s: that is no leak', (_, own) => {
    expect(codes(own)).toEqual(['healthy']);
  });

  it('is not judged before it was seen six times', () => {
    const history = triageHistory(
      (step) => ({
        processes: [processUse('node[9]', (100 + 10 * step) * MiB, {})],
      }),
      4,
    );
    expect(verdicts(history).map(({ code }) => code)).toEqual(['healthy']);
  });

  it('has no steps at looks at which it was not read', () => {
    const read = (step: number) => processUse('node[9]', (100 + 3 * step) * MiB, {});
    const looks = [0, 0, 0, 3, 4, 5, 6, 7, 8, 9, 10].map(read);
    [looks[1], looks[2]] = [looks[0] ?? read(0), looks[0] ?? read(0)];
    const history = triageHistory((step) => ({ processes: [looks[step] ?? read(step)] }));
    expect(history.processTrend('9:100', ({ anonymous }) => anonymous)).toMatchObject({
      points: 9,
      rising: 1,
    });
  });
});
