import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import type { ReportRow } from '../../src/domain/report-row.ts';
import { bytes, bytesPerSecond, milliseconds } from '../../src/domain/units.ts';
import { columns, fittingColumns } from '../../src/view/columns.ts';

const amount = fc
  .tuple(fc.nat({ max: 2 ** 50 }), fc.nat({ max: 2 ** 40 }))
  .map(([size, blocks]) => ({ bytes: bytes(size), blocks }));
const age = fc.double({ min: 0, max: 3e11, noNaN: true }).map(milliseconds);

const row = fc.record({
  key: fc.constant('key'),
  kind: fc.constant('heap' as const),
  stack: fc.constant({ id: '1', frames: [], end: 'lost' as const }),
  pids: fc.constant([1]),
  sites: fc.constant([0]),
  live: amount,
  allocated: amount,
  freed: amount,
  freedShare: fc.double({ min: 0, max: 1, noNaN: true }),
  growth: fc.option(fc.double({ min: -(2 ** 50), max: 2 ** 50, noNaN: true }).map(bytesPerSecond)),
  oldest: fc.option(fc.record({ age, exact: fc.boolean() })),
  medianLifetime: fc.option(age),
  lifetimes: fc.constant([]),
  series: fc.array(fc.nat().map(bytes), { maxLength: 60 }),
}) satisfies fc.Arbitrary<ReportRow>;

it('no cell is wider than its column, whatever the row', () => {
  fc.assert(
    fc.property(row, fc.boolean(), (given, unicode) => {
      for (const column of columns.filter(({ width }) => width > 0)) {
        const text = column.text(given, unicode);
        expect(stringWidth(text), `${column.id}: ${text}`).toBeLessThanOrEqual(column.width);
      }
    }),
  );
});

it('a title fits its column with the mark of the order behind it', () => {
  for (const { title, width } of columns.filter((column) => column.width > 0)) {
    expect(`${title}v`.length).toBeLessThanOrEqual(width);
  }
});

it('columns are given up from the least telling one, and what is left fits', () => {
  expect(fittingColumns(200).map(({ id }) => id)).toEqual(columns.map(({ id }) => id));
  expect(fittingColumns(78).map(({ id }) => id)).toEqual([
    'bytes',
    'blocks',
    'growth',
    'freed',
    'oldest',
    'site',
  ]);
  expect(fittingColumns(58).map(({ id }) => id)).toEqual(['bytes', 'blocks', 'growth', 'site']);
  expect(fittingColumns(20).map(({ id }) => id)).toEqual(['bytes', 'site']);
});
