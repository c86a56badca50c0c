import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { coverage, largestOf, residentTotal } from '../../src/domain/residents.ts';
import { pages } from '../../src/domain/units.ts';

const kinds = [
  { kind: 'file', files: 2, pages: pages(60) },
  { kind: 'memory', files: 1, pages: pages(30) },
] as const;

describe('coverage', () => {
  it('is the share of what the kernel counts, never more than all of it', () => {
    expect(residentTotal({ kinds })).toEqual({ files: 3, pages: 90 });
    expect(coverage({ kinds, cached: pages(100) })).toBe(0.9);
    expect(coverage({ kinds, cached: pages(80) })).toBe(1);
    expect(coverage({ kinds: [], cached: pages(0) })).toBeNull();
  });
});

describe('largestOf', () => {
  it('gives the positions of the largest, in their order, whatever the numbers are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.nat(30), (numbers, count) => {
        const positions = largestOf(Float64Array.from(numbers), count);
        expect(new Set(positions).size).toBe(positions.length);
        expect(positions.map((i) => numbers[i])).toEqual(
          numbers.toSorted((a, b) => b - a).slice(0, count),
        );
      }),
    );
  });
});
