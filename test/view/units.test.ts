import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, bytesPerSecond, milliseconds } from '../../src/domain/units.ts';
import {
  bytesText,
  compactCountText,
  durationText,
  rateText,
  shareText,
} from '../../src/view/units.ts';

describe('sizes', () => {
  it.for([
    [0, '0'],
    [1, '1'],
    [1023, '1023'],
    [1024, '1.00K'],
    [8192, '8.00K'],
    [10_230, '9.99K'],
    [10_240, '10.0K'],
    [102_400, '100K'],
    [1_023_000, '999K'],
    [1_024_000, '0.98M'],
    [1_048_576, '1.00M'],
    [40_265_318, '38.4M'],
    [1_728_724_337, '1.61G'],
    [-2048, '-2.00K'],
  ] as const)('%i is %s', ([size, text]) => {
    expect(bytesText(bytes(size))).toBe(text);
  });

  it('take at most five characters, and are within half a percent', () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (size) => {
        const text = bytesText(bytes(size));
        expect(text.length).toBeLessThanOrEqual(5);
        const unit = 1024 ** ' KMGTP'.indexOf(text.match(/[KMGTP]$/)?.[0] ?? ' ');
        expect(Math.abs(Number.parseFloat(text) * unit - size)).toBeLessThanOrEqual(0.0052 * size);
      }),
    );
  });
});

describe('durations', () => {
  it.for([
    [0, '0µs'],
    [0.95, '950µs'],
    [0.9996, '1.0ms'],
    [9.96, '10ms'],
    [950, '950ms'],
    [999.7, '1.0s'],
    [2100, '2.1s'],
    [59_600, '1m00s'],
    [192_000, '3m12s'],
    [3_599_600, '1h00m'],
    [7_500_000, '2h05m'],
    [86_400_000, '1d00h'],
    [120 * 86_400_000, '120d'],
  ] as const)('%d ms are %s', ([time, text]) => {
    expect(durationText(milliseconds(time))).toBe(text);
  });

  it('take at most six characters', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3e12, noNaN: true }), (time) => {
        expect(durationText(milliseconds(time)).length).toBeLessThanOrEqual(6);
      }),
    );
  });
});

it('rates have a sign, and are nothing before there are two reports', () => {
  expect(rateText(bytesPerSecond(1228.8))).toBe('+1.20K/s');
  expect(rateText(bytesPerSecond(-3))).toBe('-3/s');
  expect(rateText(bytesPerSecond(0.2))).toBe('0/s');
  expect(rateText(null)).toBe('-');
});

it('shares are 0% and 100% only where that is exact', () => {
  expect([0, 1e-9, 0.5, 0.999_999, 1].map(shareText)).toEqual([
    '0%',
    '0.1%',
    '50.0%',
    '99.9%',
    '100%',
  ]);
});

it('counts are whole while they fit', () => {
  expect(compactCountText(1_234_567, 9)).toBe('1,234,567');
  expect(compactCountText(12_345_678, 9)).toBe('12.3M');
});
