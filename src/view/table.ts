import { textWidth } from './text-width.ts';

/** One column of a table: defined once, shown wherever such rows are. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Characters at least; 0: the last column, which takes what is left. */
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly help: string;
  readonly text: (row: Row) => string;
  /** What a last cell loses that is too long: its beginning, where names of files differ least, unless it says `end`. */
  readonly loses?: 'beginning' | 'end';
}

const leastLastWidth = 20;

/**
 * The columns that fit into `width` characters, one space between two; those named in `dispensable` go first, in its order.
 * `last`: what the last one gets at least.
 */
export function fittingTableColumns<Row>(
  columns: readonly TableColumn<Row>[],
  dispensable: readonly string[],
  width: number,
  last = leastLastWidth,
): readonly TableColumn<Row>[] {
  const left = new Set(columns.map(({ id }) => id));
  const shown = () => columns.filter(({ id }) => left.has(id));
  const needed = () => shown().reduce((sum, each) => sum + (each.width || last) + 1, -1);
  for (const id of dispensable) {
    if (needed() <= width) break;
    left.delete(id);
  }
  return shown();
}

/** The lines of a table with its titles; no line is longer than `width`. `more` marks where a last cell lost something. */
export function tableLines<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  more = '…',
): string[] {
  return [
    tableLine(columns, ({ title }) => title, width, more),
    ...rows.map((row) => tableLine(columns, (column) => column.text(row), width, more)),
  ];
}

/** One line of a table. */
export function tableLine<Row>(
  columns: readonly TableColumn<Row>[],
  cellOf: (column: TableColumn<Row>) => string,
  width: number,
  more: string,
): string {
  const taken = columns.reduce((sum, each) => sum + (each.width === 0 ? 0 : each.width + 1), 0);
  const last = Math.max(leastLastWidth, width - taken);
  return columns
    .map((column) => {
      const cell = cellOf(column);
      if (column.width === 0) return shortened(cell, last, column.loses ?? 'beginning', more);
      const padding = ' '.repeat(Math.max(0, column.width - textWidth(cell)));
      return column.align === 'right' ? padding + cell : cell + padding;
    })
    .join(' ')
    .trimEnd();
}

/** The text in at most `width` characters; `more` stands for what it loses. */
export function shortened(
  text: string,
  width: number,
  loses: 'beginning' | 'end',
  more: string,
): string {
  if (textWidth(text) <= width) return text;
  const room = width - textWidth(more);
  const characters = Array.from(text);
  let left = characters.length;
  const kept = () =>
    (loses === 'end' ? characters.slice(0, left) : characters.slice(characters.length - left)).join(
      '',
    );
  // Most characters are one wide: that many are tried first.
  left = Math.min(left, room);
  while (left > 0 && textWidth(kept()) > room) left--;
  return loses === 'end' ? kept() + more : more + kept();
}
