import { expect, it } from 'vitest';
import { medianLifetime } from '../../src/domain/lifetime.ts';

const buckets = (counts: Readonly<Record<number, number>>): number[] =>
  Array.from({ length: 40 }, (_, i) => counts[i] ?? 0);

it.each([
  ['none was freed', {}, null],
  ['all in one bucket: its geometric middle', { 10: 4 }, 2 ** 10.5 / 1000],
  ['half below, half far above: the end of the lower bucket', { 3: 5, 30: 5 }, 2 ** 4 / 1000],
  ['one long life among many short ones', { 0: 99, 35: 1 }, 2 ** (50 / 99) / 1000],
])('%s', (_, counts, median) => {
  const found = medianLifetime(buckets(counts));
  if (median === null) expect(found).toBe(null);
  else expect(found).toBeCloseTo(median, 9);
});
