import { describe, expect, it } from 'vitest';

import { triageReport } from '../../src/domain/triage/report.ts';
import { bytes } from '../../src/domain/units.ts';
import { bar } from '../../src/view/memory-bar.ts';
import { gaugeLines, trendLine } from '../../src/view/triage-gauges.ts';
import { triageHeadline } from '../../src/view/triage-headline.ts';
import { GiB, type Machine, MiB, processUse, triageHistory } from '../support/synthetic-triage.ts';

const readingOf = (script: (step: number) => Machine, steps = 10) => {
  const history = triageHistory(script, steps);
  return { report: triageReport(history), history };
};
const ascii = { width: 80, unicode: false };

describe('the bar', () => {
  it.each([
    [[0, 0], '[          ]'],
    [[50, 25], '[#####:::  ]'],
    [[100, 0], '[##########]'],
    [[1, 1], '[#:        ]'],
    [[-5, 50], '[:::::     ]'],
  ])('of %j of a hundred is %s', (parts, drawn) => {
    expect(bar(parts, 100, 12, false)).toBe(drawn);
  });

  it('of nothing is empty', () => {
    expect(bar([1], 0, 6, true)).toMatch(/^\[.{4}\]$/);
  });
});

describe('the lines of figures', () => {
  it('say first what is most telling, as much as there is room for', () => {
    const reading = readingOf((step) => ({
      memory: { available: bytes(4 * GiB - step * MiB) },
      counters: { refaultedFile: step * 4102 },
    }));
    const [memory = '', pressure = '', cache = ''] = gaugeLines(reading, 3, ascii);
    expect(memory).toMatch(
      /^Memory {3}\[#+:+ +\] {2}3\.99G of 16\.0G available -60\.0M\/min {2}used 12\.0G$/,
    );
    expect(pressure).toContain('waited for memory 0 0 0%  (10 60 300 s)');
    expect(cache).toMatch(/^Cache +@{10} {2}files 4\.05G {2}refaults 4,102\/s/);
    for (const width of [60, 80, 100, 200])
      for (const line of gaugeLines(reading, 10, { width, unicode: false }).slice(0, 2))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  it('have swap where there is any, and say where there is none', () => {
    const swapping = readingOf(() => ({ memory: { swapTotal: bytes(GiB), swapFree: bytes(0) } }));
    expect(gaugeLines(swapping, 10, ascii).join('\n')).toMatch(
      /^Swap +\[#+\] {2}1\.00G of 1\.00G/m,
    );
    const without = gaugeLines(
      readingOf(() => ({})),
      10,
      { width: 200, unicode: false },
    );
    expect(without.join('\n')).not.toMatch(/^Swap/m);
    expect(without[0]).toContain('no swap');
  });

  it('do without what could not be read', () => {
    const blind = readingOf(() => ({ memory: null, pressure: { memory: null, io: null } }));
    const lines = gaugeLines(blind, 10, ascii).join('\n');
    expect(lines).toContain('Memory                     not told');
    expect(lines).toContain('waited for memory: not told');
  });
});

describe('the course of a size', () => {
  it('goes from its least to its most', () => {
    expect(trendLine([GiB, GiB + 4 * MiB, GiB + 8 * MiB], 3, false)).toBe('.+@');
  });

  it('stays low while it hardly moves', () => {
    expect(trendLine([GiB, GiB + 4096, GiB], 3, false)).toBe('...');
  });
});

describe('the headline', () => {
  it('has the worst verdict, whom it is about, and how many others there are', () => {
    const reading = readingOf((step) => ({
      processes: [
        processUse('api[4121]', GiB + step * 2 * MiB),
        processUse('b[5]', GiB + step * MiB),
      ],
    }));
    expect(triageHeadline(reading.report)).toBe(
      'WARNING: leak suspected, api[4121]; also 1 warning',
    );
  });

  it('says in the first seconds that growth cannot be known yet', () => {
    const reading = readingOf(() => ({}), 2);
    expect(triageHeadline(reading.report)).toBe('OK: healthy; 2 s watched, growth shows after 5 s');
  });
});
