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

/** A column with its texts: written once, for a report may have a million. */
interface Written {
  readonly id: FileColumn['id'];
  readonly texts: readonly string[];
  readonly align: FileColumn['align'];
  /** Every text is as wide as it is long. */
  readonly narrow: boolean;
  width: number;
}

const gap = '  ';

/** The table's lines, its title first. `width`: of the terminal; null for all columns and whole names. */
export function fileTable(
  rows: readonly FileResidency[],
  width: number | null,
  style: FileStyle,
): string[] {
  const shown = fileColumns.filter(
    ({ id }) => width === null || id === style.sort || telling(id, rows),
  );
  let columns = shown.map((column): Written => {
    const texts = [column.title, ...rows.map((row) => column.text(row, style))];
    // Only names can be of anything else.
    const narrow = column.id !== 'name' || texts.every(isNarrow);
    let most = 0;
    for (const text of texts) most = Math.max(most, narrow ? text.length : textWidth(text));
    return { id: column.id, texts, align: column.align, narrow, width: most };
  });
  if (width !== null) columns = fittingInto(columns, width, style.sort);
  const [first = [], ...others] = columns.map(padded);
  return first.map((name, row) => {
    let line = name;
    for (const cells of others) line += cells[row] ?? '';
    return line.trimEnd();
  });
}

/** Leaves out columns, then shortens names, until a line fits. */
function fittingInto(columns: readonly Written[], width: number, sort: FileSortKey): Written[] {
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

/** The column's cells in full width, with the gap before them. */
function padded({ id, texts, align, narrow, width }: Written): string[] {
  const before = id === 'name' ? '' : gap;
  const blanks = Array.from({ length: width + 1 }, (_, count) => ' '.repeat(count));
  return texts.map((text) => {
    // The end of a long name tells more than its beginning.
    const cell = narrow && text.length <= width ? text : shortened(text, width, 'beginning', '...');
    const blank = blanks[width - (narrow ? cell.length : textWidth(cell))] ?? '';
    return align === 'left' ? before + cell + blank : before + blank + cell;
  });
}
