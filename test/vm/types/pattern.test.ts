import { expect, test } from 'vitest';

import { type BtfDump, relocationsOf } from './pattern.ts';

const none: BtfDump = { types: [] };

const long = { id: 1, kind: 'INT', name: 'long unsigned int', nr_bits: 64, encoding: '(none)' };
const word = { id: 2, kind: 'TYPEDEF', name: 'pgoff_t', type_id: 1 };

test('members are told with their types; those of a struct without a name as if it were not there', () => {
  const kept: BtfDump = {
    types: [
      long,
      word,
      { id: 3, kind: 'STRUCT', name: 'inode', members: [] },
      { id: 4, kind: 'PTR', name: '(anon)', type_id: 3 },
      { id: 5, kind: 'STRUCT', name: '(anon)', members: [{ name: 'index', type_id: 2 }] },
      { id: 6, kind: 'UNION', name: '(anon)', members: [{ name: '(anon)', type_id: 5 }] },
      {
        id: 7,
        kind: 'STRUCT',
        name: 'folio',
        members: [
          { name: 'host', type_id: 4 },
          { name: '(anon)', type_id: 6 },
        ],
      },
    ],
  };
  expect(relocationsOf(kept, none)).toEqual([
    'struct folio.host: struct inode *',
    'struct folio.index: unsigned 64',
  ]);
});

test('a named member of a struct without a name is told with what is in it', () => {
  const flags = { id: 3, kind: 'STRUCT', name: '(anon)', members: [{ name: 'f', type_id: 1 }] };
  const typedef = { id: 4, kind: 'TYPEDEF', name: 'memdesc_flags_t', type_id: 3 };
  const folio = {
    id: 5,
    kind: 'STRUCT',
    name: 'folio',
    members: [{ name: 'flags', type_id: 4 }],
  };
  expect(relocationsOf({ types: [long, flags, typedef, folio] }, none)).toEqual([
    'struct folio.flags.f: unsigned 64',
    'struct folio.flags: struct',
  ]);
});

test('of an enum is told what the kernel does not have of what the object has, under whatever name', () => {
  const kept = {
    types: [
      { id: 1, kind: 'ENUM', name: 'pageflags', values: [{ name: 'PG_lru' }, { name: 'PG_head' }] },
    ],
  };
  const own = (...values: string[]): BtfDump => ({
    types: [
      { id: 9, kind: 'ENUM', name: 'pageflags___ours', values: values.map((name) => ({ name })) },
    ],
  });
  expect(relocationsOf(kept, own('PG_head___ours'))).toEqual(['enum pageflags']);
  expect(relocationsOf(kept, own('PG_head', 'PG_table'))).toEqual([
    'enum pageflags',
    'enum pageflags without PG_table',
  ]);
});

test('a member that became a pointer, a bit or an array is another one', () => {
  const shown = (types: BtfDump['types'], bits?: number): string[] =>
    relocationsOf(
      {
        types: [
          long,
          ...types,
          {
            id: 9,
            kind: 'STRUCT',
            name: 's',
            members: [
              { name: 'm', type_id: types.at(-1)?.id ?? 1, ...(bits && { bitfield_size: bits }) },
            ],
          },
        ],
      },
      none,
    );
  expect(shown([])).toEqual(['struct s.m: unsigned 64']);
  expect(shown([], 3)).toEqual(['struct s.m: unsigned 64 :3']);
  expect(shown([{ id: 2, kind: 'PTR', name: '(anon)', type_id: 1 }])).toEqual([
    'struct s.m: unsigned 64 *',
  ]);
  expect(shown([{ id: 2, kind: 'PTR', name: '(anon)', type_id: 0 }])).toEqual(['struct s.m: *']);
  expect(shown([{ id: 2, kind: 'ARRAY', name: '(anon)', type_id: 1 }])).toEqual([
    'struct s.m: unsigned 64[]',
  ]);
});
