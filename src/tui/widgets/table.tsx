import { type TableColumn, tableLine } from '../../view/table.ts';
import type { ScreenState } from '../screen-state.ts';
import type { Theme } from '../theme.ts';
import { Line } from './line.tsx';
import { Row } from './row.tsx';

interface Props<Row> {
  readonly state: Pick<
    ScreenState<unknown, Row>,
    'rows' | 'top' | 'height' | 'selected' | 'reversed' | 'columns'
  >;
  readonly columns: readonly TableColumn<Row>[];
  /** Id of the column that the rows are sorted by. */
  readonly sortedBy: string;
  /** Lines that stand instead of rows. */
  readonly empty: readonly string[];
  readonly theme: Theme;
}

/** Characters before each row: the mark of the selected one. */
export const tableMargin = 2;

/** A ranked table: its titles, and the rows in sight. */
export function Table<Row>({ state, columns, sortedBy, empty, theme }: Props<Row>) {
  const more = theme.unicode ? '…' : '...';
  const width = state.columns - tableMargin;
  const title = ({ id, title: text }: TableColumn<Row>) =>
    id === sortedBy ? `${text}${state.reversed ? '^' : 'v'}` : text;
  const inSight = state.rows.slice(state.top, state.top + state.height);
  return (
    <>
      <Line {...theme.title}>{`  ${tableLine(columns, title, width, more)}`}</Line>
      {Array.from({ length: state.height }, (_, i) => {
        const row = inSight[i];
        if (row === undefined) return <Line key={i}>{empty[i] ?? ''}</Line>;
        const line = tableLine(columns, (column) => column.text(row), width, more);
        const isSelected = state.top + i === state.selected;
        return <Row key={i} text={line} isSelected={isSelected} columns={state.columns} />;
      })}
    </>
  );
}
