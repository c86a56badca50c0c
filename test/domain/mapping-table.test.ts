import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MappingTable } from '../../src/domain/mapping-table.ts';

const page = 4096;
const at = (n: number): bigint => BigInt(n * page);

/** `a0-3 b5-6`: whose mapping lies from which page to before which. */
const drawn = (ranges: ReturnType<MappingTable<string>['ranges']>): string =>
  ranges
    .map(({ start, end, facts }) => `${facts}${start / BigInt(page)}-${end / BigInt(page)}`)
    .join(' ');

describe('a table of mappings', () => {
  const cases: Record<string, readonly [change: (table: MappingTable<string>) => void, string]> = {
    'keeps what was mapped': [(table) => table.map(at(20), page, 'b'), 'a10-14 b20-21'],
    'counts whole pages': [(table) => table.map(at(20), page + 1, 'b'), 'a10-14 b20-22'],
    'cuts a hole where the middle is unmapped': [
      (table) => table.unmap(at(11), 2 * page),
      'a10-11 a13-14',
    ],
    'loses only what an unmap covers': [(table) => table.unmap(at(0), 12 * page), 'a12-14'],
    'lets a later mapping replace what it covers': [
      (table) => table.map(at(12), 4 * page, 'b'),
      'a10-12 b12-16',
    ],
    'is not changed by an unmap of nothing': [(table) => table.unmap(at(12), 0), 'a10-14'],
    'moves facts with their mapping': [
      (table) => table.remap(at(10), 4 * page, at(30), 8 * page),
      'a30-38',
    ],
    'grows a mapping in its place': [
      (table) => table.remap(at(10), 4 * page, at(10), 6 * page),
      'a10-16',
    ],
    'shrinks a mapping in its place': [
      (table) => table.remap(at(10), 4 * page, at(10), page),
      'a10-11',
    ],
    'knows nothing of what moved from where nothing was known, but for what it replaced': [
      (table) => table.remap(at(50), page, at(11), page),
      'a10-11 a12-14',
    ],
    'doubles a mapping that is remapped from no size': [
      (table) => table.remap(at(10), 0, at(30), page),
      'a10-14 a30-31',
    ],
  };
  it.each(Object.entries(cases))('%s', (_, [change, expected]) => {
    const table = new MappingTable<string>();
    table.map(at(10), 4 * page, 'a');
    change(table);
    expect(drawn(table.ranges())).toBe(expected);
  });

  it('finds the mapping of an address, and none beside it', () => {
    const table = new MappingTable<string>();
    table.map(at(2), 2 * page, 'a');
    table.map(at(4), page, 'b');
    const found = [at(2) - 1n, at(2), at(4) - 1n, at(4), at(5)].map((a) => table.find(a)?.facts);
    expect(found).toEqual([undefined, 'a', 'a', 'b', undefined]);
  });

  it('returns what an unmap removed, in order and cut to the range', () => {
    const table = new MappingTable<string>();
    table.map(at(8), 2 * page, 'b');
    table.map(at(2), 3 * page, 'a');
    expect(drawn(table.unmap(at(4), 5 * page))).toBe('a4-5 b8-9');
  });
});

/** The same, page by page. */
class Pages {
  readonly facts = new Map<number, string>();

  map(from: number, count: number, facts: string): void {
    for (let i = from; i < from + count; i++) this.facts.set(i, facts);
  }

  unmap(from: number, count: number): void {
    for (let i = from; i < from + count; i++) this.facts.delete(i);
  }

  remap(from: number, oldCount: number, to: number, count: number): void {
    let known = this.facts.get(from);
    for (let i = from; i < from + oldCount; i++) known ??= this.facts.get(i);
    this.unmap(from, oldCount);
    this.unmap(to, count);
    if (known !== undefined) this.map(to, count, known);
  }
}

it('says of every page what a model of single pages says, after any calls', () => {
  const lastPage = 40;
  const place = fc.nat({ max: 20 });
  const count = fc.integer({ min: 1, max: 8 });
  const call = fc.record({
    what: fc.constantFrom('map', 'unmap', 'remap'),
    from: place,
    oldCount: fc.nat({ max: 8 }),
    to: place,
    count,
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 40, size: 'max' }), (calls) => {
      const table = new MappingTable<string>();
      const pages = new Pages();
      for (const [i, { what, from, oldCount, to, count: pageCount }] of calls.entries()) {
        const size = pageCount * page - (i % page);
        if (what === 'map') {
          table.map(at(from), size, `#${i}`);
          pages.map(from, pageCount, `#${i}`);
        } else if (what === 'unmap') {
          table.unmap(at(from), size);
          pages.unmap(from, pageCount);
        } else {
          table.remap(at(from), oldCount * page, at(to), size);
          pages.remap(from, oldCount, to, pageCount);
        }
      }
      for (let i = 0; i < lastPage; i++) {
        expect([i, table.find(at(i) + 7n)?.facts]).toEqual([i, pages.facts.get(i)]);
      }
      let end = -1n;
      for (const range of table.ranges()) {
        expect(range.start).toBeGreaterThanOrEqual(end);
        expect(range.end).toBeGreaterThan(range.start);
        end = range.end;
      }
    }),
  );
});
