import type { ReportRow } from '../../domain/report-row.ts';
import { type Column, fittingColumns } from '../../view/columns.ts';
import type { TableColumn } from '../../view/table.ts';
import { wrapped } from '../../view/wrapped.ts';
import type { Theme } from '../theme.ts';
import { Table, tableMargin } from '../widgets/table.tsx';
import type { LeakState } from './state.ts';

interface Props {
  readonly state: LeakState;
  readonly theme: Theme;
}

const sortedBy: Readonly<Record<LeakState['sort'], Column['id']>> = {
  size: 'bytes',
  count: 'blocks',
  growth: 'growth',
  age: 'oldest',
};

/** The ranked table of live sites. */
export function Sites({ state, theme }: Props) {
  const columns = fittingColumns(state.columns - tableMargin).map(
    (column): TableColumn<ReportRow> => ({
      ...column,
      loses: 'end',
      text: (row) => column.text(row, theme.unicode),
    }),
  );
  return (
    <Table
      state={state}
      columns={columns}
      sortedBy={sortedBy[state.sort]}
      empty={emptyLines(state)}
      theme={theme}
    />
  );
}

/** What stands instead of rows, the report's remarks in full: above the table they are cut. */
function emptyLines({ rows, filter, report, columns }: LeakState): readonly string[] {
  if (rows.length > 0) return [];
  const said =
    filter === ''
      ? [
          'nothing outstanding: every block allocated since attaching was freed, or none was allocated',
          ...(report?.notices ?? []).map((notice) => notice.text),
        ]
      : ['no stack matches the filter (Esc clears it)'];
  return said
    .flatMap((text) => [...wrapped(text, columns - tableMargin), ''])
    .map((line) => ' '.repeat(tableMargin) + line);
}
