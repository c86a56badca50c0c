/** One column of a table: defined once, shown wherever such rows are. */
export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Characters at least; 0: the last column, which takes what is left. */
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly help: string;
  readonly text: (row: Row) => string;
}

const leastLastWidth = 20;

/** The columns that fit into `width` characters, one space between two; those named in `dispensable` go first, in its order. */
export function fittingTableColumns<Row>(
  columns: readonly TableColumn<Row>[],
  dispensable: readonly string[],
  width: number,
): readonly TableColumn<Row>[] {
  const left = new Set(columns.map(({ id }) => id));
  const shown = () => columns.filter(({ id }) => left.has(id));
  const needed = () => shown().reduce((sum, each) => sum + (each.width || leastLastWidth) + 1, -1);
  for (const id of dispensable) {
    if (needed() <= width) break;
    left.delete(id);
  }
  return shown();
}

/** The lines of a table with its titles; no line is longer than `width`: a last cell loses its beginning, where names differ least. */
export function tableLines<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
): string[] {
  const taken = columns.reduce((sum, each) => sum + (each.width === 0 ? 0 : each.width + 1), 0);
  const last = Math.max(leastLastWidth, width - taken);
  const line = (cells: readonly string[]) =>
    columns
      .map(({ width: least, align }, i) => {
        const cell = cells[i] ?? '';
        if (least === 0) return withoutBeginning(cell, last);
        return align === 'right' ? cell.padStart(least) : cell.padEnd(least);
      })
      .join(' ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    ...rows.map((row) => line(columns.map((column) => column.text(row)))),
  ];
}

function withoutBeginning(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  return `…${characters.slice(characters.length - width + 1).join('')}`;
}
