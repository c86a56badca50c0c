import { expect, it } from 'vitest';

import { MarkSweeper } from '../../../src/sources/live/cache/mark-sweeper.ts';

const layout = { size: 16, fields: { unread: { offset: 0, size: 8, length: 1 } } };

/** A table of blocks by number, of which it keeps which pages are unread. */
function table(marks: Map<bigint, bigint>, meanwhile: () => void = () => {}) {
  const packed = (rows: readonly (readonly [bigint, bigint])[]) => ({
    length: rows.length,
    keySize: 8,
    valueSize: 16,
    keys: new Uint8Array(BigUint64Array.from(rows, ([key]) => key).buffer),
    values: new Uint8Array(BigUint64Array.from(rows.flatMap(([, unread]) => [unread, 7n])).buffer),
  });
  const first = (bytes: Uint8Array) =>
    new DataView(Uint8Array.from(bytes).buffer).getBigUint64(0, true);
  return {
    layout: () => layout,
    read: () => Promise.resolve(packed([...marks])),
    take: (_: string, keys: Uint8Array) => {
      meanwhile();
      const wanted = new Set(new BigUint64Array(Uint8Array.from(keys).buffer));
      const rows = [...marks].filter(([key]) => wanted.has(key));
      for (const [key] of rows) marks.delete(key);
      return packed(rows);
    },
    update: (_: string, key: Uint8Array, value: Uint8Array) => {
      marks.set(first(key), first(value));
    },
  };
}

it('takes out the blocks of which nothing is unread, when the table may be half full', async () => {
  const marks = new Map([...Array(100).keys()].map((i) => [BigInt(i), i % 10 === 0 ? 5n : 0n]));
  const sweeper = new MarkSweeper(table(marks), 200);
  await sweeper.sweep(100);
  expect(marks.size).toBe(100);
  await sweeper.sweep(101);
  expect([...marks.keys()]).toEqual([0n, 10n, 20n, 30n, 40n, 50n, 60n, 70n, 80n, 90n]);
});

it('puts back a block that pages were inserted into meanwhile', async () => {
  const marks = new Map([
    [1n, 0n],
    [2n, 0n],
  ]);
  const sweeper = new MarkSweeper(
    table(marks, () => marks.set(2n, 12n)),
    2,
  );
  await sweeper.sweep(2);
  expect([...marks]).toEqual([[2n, 12n]]);
});
