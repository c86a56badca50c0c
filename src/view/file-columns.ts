import { cachedShare, type FileResidency, type PageStates } from '../domain/file-residency.ts';
import { type BytePath, pathText } from '../domain/byte-path.ts';
import type { FileSortKey } from '../domain/file-report.ts';
import { printable } from './printable.ts';
import { residencyBar } from './residency-bar.ts';
import { shortened } from './table.ts';
import { isNarrow, textWidth } from './text-width.ts';
import { bytesText } from './units.ts';

/** How values are written: exact for scripts, short for people. */
export interface FileStyle {
  readonly exact: boolean;
  readonly unicode: boolean;
  /** Left out at the beginning of names. */
  readonly folder: BytePath;
  /** What the rows are sorted by: that column stays. */
  readonly sort: FileSortKey;
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
  readonly text: (row: FileResidency, style: FileStyle) => string;
  /** What the text is where that is a plain number: the largest one is the widest. */
  readonly figure?: (row: FileResidency) => number;
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
  figure: (row) => row.states?.[key] ?? 0,
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
  {
    id: 'pages',
    title: 'Pages',
    align: 'right',
    text: ({ pages }) => String(pages),
    figure: ({ pages }) => pages,
  },
  {
    id: 'cached',
    title: 'Cached',
    align: 'right',
    text: ({ cached }) => String(cached),
    figure: ({ cached }) => cached,
  },
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
export function nameText(row: FileResidency, { folder }: Pick<FileStyle, 'folder'>): string {
  const path = row.path.slice(folder.length);
  const name = isNarrow(path) ? path : printable(pathText(path));
  return row.deleted ? `${name} (deleted)` : name;
}

/** Percent of the pages; never 100.0 or 0.0 unless it is exactly that. */
export function percentText(row: { readonly pages: number; readonly cached: number }): string {
  const share = cachedShare(row);
  if (share === null) return '-';
  if (share === 0) return '0.0';
  if (share === 1) return '100.0';
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
const telling = (id: FileColumn['id'], rows: readonly FileResidency[]): boolean => {
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

/** A column as it is laid out. */
interface Fitted extends FileColumn {
  width: number;
}

const gap = '  ';

/** Names alone may have characters that are wider than one column. */
const widthOf = ({ id }: FileColumn, text: string): number =>
  id === 'name' ? textWidth(text) : text.length;

function widest(column: FileColumn, rows: readonly FileResidency[], style: FileStyle): number {
  const { figure, title } = column;
  let most = 0;
  for (const row of rows)
    most = Math.max(most, figure ? figure(row) : widthOf(column, column.text(row, style)));
  return Math.max(title.length, figure ? String(most).length : most);
}

/** The table's lines, its title first. `width`: of the terminal; null for all columns and whole names. */
export function fileTable(
  rows: readonly FileResidency[],
  width: number | null,
  style: FileStyle,
): string[] {
  // Texts are made twice rather than kept: a report may have a million rows.
  let columns = fileColumns
    .filter(({ id }) => width === null || id === style.sort || telling(id, rows))
    .map((column): Fitted => ({ ...column, width: widest(column, rows, style) }));
  if (width !== null) columns = fittingInto(columns, width, style.sort);
  const blanks = Array.from({ length: 300 }, (_, count) => ' '.repeat(count));
  const line = (textOf: (column: Fitted) => string): string => {
    let written = '';
    for (const column of columns) {
      const { align, width: room } = column;
      let cell = textOf(column);
      // The end of a long name tells more than its beginning.
      if (widthOf(column, cell) > room) cell = shortened(cell, room, 'beginning', '...');
      const missing = Math.max(0, room - widthOf(column, cell));
      const blank = blanks[missing] ?? ' '.repeat(missing);
      if (written !== '') written += gap;
      written += align === 'left' ? cell + blank : blank + cell;
    }
    return written.trimEnd();
  };
  return [
    line(({ title }) => title),
    ...rows.map((row) => line((column) => column.text(row, style))),
  ];
}

/** Leaves out columns, then shortens names, until a line fits. */
function fittingInto(columns: readonly Fitted[], width: number, sort: FileSortKey): Fitted[] {
  let left = [...columns];
  const [name] = left;
  const others = () =>
    left.reduce((sum, each) => sum + (each === name ? 0 : each.width + gap.length), 0);
  const wanted = Math.min(name?.width ?? 0, leastNameWidth);
  for (const id of dispensable) {
    if (others() + wanted <= width) break;
    left = left.filter((column) => column.id !== id || id === sort);
  }
  if (name) name.width = Math.min(name.width, Math.max(8, width - others()));
  return left;
}
