import { describe, expect, it } from 'vitest';
import type { Mapping } from '../../src/domain/leak-snapshot.ts';
import { groupMappings } from '../../src/domain/mapping-rows.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import { heapFromText } from '../support/heap-from-text.ts';

const snapshot = heapFromText(`
  bytes  10     20
         main   main
         pool   log
`);
const pool = 'main<pool';
const log = 'main<log';

const mapping = (stackId: string, size: number, use: Mapping['use'], address: bigint): Mapping => ({
  image: 1,
  stackId,
  address,
  size: bytes(size),
  bornAt: milliseconds(0),
  use,
});

const shown = (...mappings: readonly Mapping[]): string[] =>
  groupMappings({ ...snapshot, mappings }).map(
    ({ stack, use, size, count }) => `${stack.frames[0]?.symbol} ${use} ${size}/${count}`,
  );

describe('the mappings of a report', () => {
  it('are a row for each stack and use, largest first', () => {
    expect(
      shown(
        mapping(log, 4096, 'file', 0x1000n),
        mapping(pool, 4096, 'anonymous', 0x2000n),
        mapping(pool, 8192, 'anonymous', 0x3000n),
        mapping(pool, 8192, 'reserved', 0x5000n),
      ),
    ).toEqual(['pool anonymous 12288/2', 'pool reserved 8192/1', 'log file 4096/1']);
  });

  it('keep the single ones', () => {
    const [row] = groupMappings({
      ...snapshot,
      mappings: [mapping(log, 1, 'file', 0x1000n), mapping(log, 2, 'file', 0x2000n)],
    });
    expect(row?.mappings.map(({ address }) => address)).toEqual([0x1000n, 0x2000n]);
  });

  it('are those of processes that hold memory', () => {
    const gone = { ...mapping(pool, 4096, 'anonymous', 0x1000n), image: 7 };
    expect(shown(gone, mapping(log, 1, 'file', 0x2000n))).toEqual(['log file 1/1']);
  });
});
