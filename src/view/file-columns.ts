import stringWidth from 'string-width';
import { cachedShare, type PageStates } from '../domain/file-residency.ts';
import type { FileRow } from '../domain/file-report.ts';
import { pathText } from '../domain/byte-path.ts';
import { printable } from './printable.ts';
import { residencyBar } from './residency-bar.ts';
import { bytesText } from './units.ts';

/** How values are written: exact for scripts, short for people. */
export interface FileStyle {
  readonly exact: boolean;
  readonly unicode: boolean;
}

/** One column of the table of files. */
export interface FileColumn {
  readonly id:
    | 'name'
    | 'size'
    | 'pages'
    | 'cached'
    | 'percent'
    | 'dirty'
    | 'writeback'
    | 'evicted'
    | 'recent'
    | 'method'
    | 'residency';
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly text: (row: FileRow, style: FileStyle) => string;
}

const barWidth = 16;

const states = (
  id: 'dirty' | 'writeback' | 'evicted' | 'recent',
  title: string,
  key: keyof PageStates,
): FileColumn => ({
  id,
  title,
  align: 'right',
  text: (row) => (row.states === null ? '-' : String(row.states[key])),
});

/** pcstat's columns, then ours. */
export const fileColumns: readonly FileColumn[] = [
  { id: 'name', title: 'Name', align: 'left', text: nameText },
  {
    id: 'size',
    title: 'Size',
    align: 'right',
    text: ({ size }, { exact }) => (exact ? String(size) : bytesText(size)),
  },
  { id: 'pages', title: 'Pages', align: 'right', text: ({ pages }) => String(pages) },
  { id: 'cached', title: 'Cached', align: 'right', text: ({ cached }) => String(cached) },
  { id: 'percent', title: 'Percent', align: 'right', text: percentText },
  states('dirty', 'Dirty', 'dirty'),
  states('writeback', 'Writeback', 'writeback'),
  states('evicted', 'Evicted', 'evicted'),
  states('recent', 'Recent', 'recentlyEvicted'),
  { id: 'method', title: 'Method', align: 'left', text: ({ method }) => method },
  {
    id: 'residency',
    title: 'Residency',
    align: 'left',
    text: (row, { unicode }) => `[${residencyBar(row, barWidth, unicode).padEnd(barWidth)}]`,
  },
];

/** As the file is called, on one line, and what else is to be known of the name. */
export function nameText(row: FileRow): string {
  const name = printable(pathText(row.path));
  return row.deleted ? `${name} (deleted)` : name;
}

/** Percent of the pages; never 100.0 or 0.0 unless it is exactly that. */
export function percentText(row: { readonly pages: number; readonly cached: number }): string {
  const share = cachedShare(row);
  if (share === null) return '-';
  if (share === 0 || share === 1) return (share * 100).toFixed(1);
  return Math.min(99.9, Math.max(0.1, share * 100)).toFixed(1);
}

/** In which order columns are given up when the terminal is narrow. */
const dispensable: readonly FileColumn['id'][] = [
  'method',
  'recent',
  'writeback',
  'evicted',
  'dirty',
  'pages',
  'residency',
];
const leastNameWidth = 24;

/** Columns in which some row has something to say. */
const telling = (id: FileColumn['id'], rows: readonly FileRow[]): boolean => {
  switch (id) {
    case 'dirty':
      return rows.some(({ states: each }) => each !== null && each.dirty > 0);
    case 'writeback':
      return rows.some(({ states: each }) => each !== null && each.writeback > 0);
    case 'evicted':
      return rows.some(({ states: each }) => each !== null && each.evicted > 0);
    case 'recent':
      return rows.some(({ states: each }) => each !== null && each.recentlyEvicted > 0);
    case 'method':
      return new Set(rows.map(({ method }) => method)).size > 1;
    case 'name':
    case 'size':
    case 'pages':
    case 'cached':
    case 'percent':
    case 'residency':
      return true;
  }
};

/** The table's lines, its title first. `width`: of the terminal; null for all columns and whole names. */
export function fileTable(
  rows: readonly FileRow[],
  width: number | null,
  style: FileStyle,
): string[] {
  let columns = fileColumns.filter(({ id }) => width === null || telling(id, rows));
  const cells = new Map(
    columns.map((column) => [column.id, rows.map((row) => column.text(row, style))]),
  );
  const widths = new Map(
    columns.map(({ id, title }) => [
      id,
      (cells.get(id) ?? []).reduce((most, text) => Math.max(most, textWidth(text)), title.length),
    ]),
  );
  const taken = () =>
    columns.reduce((sum, { id }) => sum + (id === 'name' ? -2 : (widths.get(id) ?? 0)) + 2, 0);
  if (width !== null) {
    const wanted = Math.min(widths.get('name') ?? 0, leastNameWidth);
    for (const id of dispensable) {
      if (taken() + wanted <= width) break;
      columns = columns.filter((column) => column.id !== id);
    }
    widths.set('name', Math.min(widths.get('name') ?? 0, Math.max(8, width - taken())));
  }
  const line = (text: (column: FileColumn) => string): string =>
    columns
      .map((column) => {
        const room = widths.get(column.id) ?? 0;
        const cell = fitted(text(column), room);
        const blank = ' '.repeat(Math.max(0, room - textWidth(cell)));
        return column.align === 'left' ? cell + blank : blank + cell;
      })
      .join('  ')
      .trimEnd();
  return [
    line(({ title }) => title),
    ...rows.map((_, index) => line(({ id }) => cells.get(id)?.[index] ?? '')),
  ];
}

const plainAscii = /^[\x20-\x7e]*$/;
const textWidth = (text: string): number =>
  plainAscii.test(text) ? text.length : stringWidth(text);

/** The end of a long name tells more than its beginning. */
function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const characters = Array.from(text);
  let kept = '';
  while (characters.length > 0) {
    const next = `${characters.pop() ?? ''}${kept}`;
    if (textWidth(next) > width - 3) break;
    kept = next;
  }
  return `...${kept}`;
}
