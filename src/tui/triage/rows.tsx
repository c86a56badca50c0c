import { ownMemory } from '../../domain/triage/growers.ts';
import type { ProcessRow } from '../../domain/triage/report.ts';
import { fittingTableColumns, type TableColumn, tableLine } from '../../view/table.ts';
import { trendLine } from '../../view/triage-gauges.ts';
import { triageVerdictColumns } from '../../view/triage-columns.ts';
import {
  dispensableProcessColumns,
  triageProcessColumns,
} from '../../view/triage-process-columns.ts';
import type { Theme } from '../theme.ts';
import { Line } from '../widgets/line.tsx';
import { Row } from '../widgets/row.tsx';
import { tableMargin } from '../widgets/table.tsx';
import type { TriageState } from './state.ts';

/** Titles: of the verdicts, and of the processes below them. */
export const rowTitles = 2;

interface Props {
  readonly state: TriageState;
  readonly theme: Theme;
}

/** Verdicts, and below them processes, as one list. */
export function TriageRows({ state, theme }: Props) {
  const { rows, top, height, selected, columns } = state;
  const width = columns - tableMargin;
  const more = theme.unicode ? '…' : '...';
  const verdictColumns = fittingTableColumns(triageVerdictColumns, ['title'], width, 50);
  const processColumns = columnsOfProcesses(state, theme.unicode, width);
  const titles = {
    verdict: tableLine(verdictColumns, ({ title }) => title, width, more),
    process: tableLine(processColumns, ({ title }) => title, width, more),
  };
  const lines = rows.slice(top, top + height).flatMap((row, i, inSight) => {
    const line =
      row.kind === 'verdict'
        ? tableLine(verdictColumns, (column) => column.text(row.verdict), width, more)
        : tableLine(processColumns, (column) => column.text(row.process), width, more);
    const isFirstOfItsKind = inSight[i - 1]?.kind !== row.kind;
    return [
      ...(isFirstOfItsKind
        ? [
            <Line key={row.kind} {...theme.title}>
              {`  ${titles[row.kind]}`}
            </Line>,
          ]
        : []),
      <Row key={row.id} text={line} isSelected={top + i === selected} columns={columns} />,
    ];
  });
  const empty = rows.length === 0 ? ['  no name matches the filter (Esc clears it)'] : [];
  return (
    <>
      {lines}
      {Array.from({ length: Math.max(0, height + rowTitles - lines.length) }, (_, i) => (
        <Line key={i}>{empty[i] ?? ''}</Line>
      ))}
    </>
  );
}

/** The columns that fit, with a mark at the one that is sorted by; a graph of growth where there is room. */
function columnsOfProcesses(
  { report: reading, sort, reversed }: TriageState,
  unicode: boolean,
  width: number,
): readonly TableColumn<ProcessRow>[] {
  const graph = 10;
  const course: TableColumn<ProcessRow> = {
    id: 'course',
    title: 'OWN',
    width: graph,
    align: 'left',
    help: 'how its own memory moved, from its least to its most',
    text: ({ of }) => {
      const points = reading?.history.processPoints(of.id, ownMemory) ?? [];
      return trendLine(
        points.map(({ value }) => value),
        graph,
        unicode,
      );
    },
  };
  const columns: readonly TableColumn<ProcessRow>[] = triageProcessColumns;
  const marked = columns.map((column) =>
    column.id === sort ? { ...column, title: `${column.title}${reversed ? '^' : 'v'}` } : column,
  );
  const at = marked.findIndex(({ id }) => id === 'growth') + 1;
  const all = [...marked.slice(0, at), course, ...marked.slice(at)];
  const order = ['proportional', 'shmem', 'virtual', 'course', ...dispensableProcessColumns];
  return fittingTableColumns(all, order, width);
}
