import { describe, expect, it } from 'vitest';
import {
  fittingTableColumns,
  shortened,
  type TableColumn,
  tableLines,
} from '../../src/view/table.ts';

interface Row {
  readonly count: number;
  readonly name: string;
}

const columns: readonly TableColumn<Row>[] = [
  {
    id: 'count',
    title: 'N',
    width: 5,
    align: 'right',
    help: '',
    text: ({ count }) => String(count),
  },
  { id: 'kind', title: 'KIND', width: 6, align: 'left', help: '', text: () => 'k' },
  { id: 'name', title: 'NAME', width: 0, align: 'left', help: '', text: ({ name }) => name },
];

describe('a table', () => {
  it('has its figures on the right and its names on the left', () => {
    expect(tableLines(columns, [{ count: 12, name: '/srv/a' }], 80)).toEqual([
      '    N KIND   NAME',
      '   12 k      /srv/a',
    ]);
  });

  it('cuts the beginning of a long name, or its end', () => {
    const row = { count: 1, name: '/srv/one/two/three/four' };
    const last = (loses: 'beginning' | 'end', more?: string) =>
      tableLines([{ ...columns[2]!, loses }], [row], 20, more)[1];
    expect(last('beginning')).toBe('…/one/two/three/four');
    expect(last('beginning', '...')).toBe('...ne/two/three/four');
    expect(last('end')).toBe('/srv/one/two/three/…');
  });

  it('gives up columns in their order until it fits, the last one with its share', () => {
    const ids = (width: number, last?: number) =>
      fittingTableColumns(columns, ['kind', 'count'], width, last).map(({ id }) => id);
    expect(ids(33)).toEqual(['count', 'kind', 'name']);
    expect(ids(32)).toEqual(['count', 'name']);
    expect(ids(33, 21)).toEqual(['count', 'name']);
    expect(ids(10)).toEqual(['name']);
  });
});

it('cuts by what the terminal shows: a wide character takes two places', () => {
  expect(shortened('キャッシュ', 10, 'end', '…')).toBe('キャッシュ');
  expect(shortened('キャッシュ', 8, 'end', '…')).toBe('キャッ…');
  expect(shortened('キャッシュ', 8, 'beginning', '…')).toBe('…ッシュ');
});
