import stringWidth from 'string-width';

import type { ReportRow } from '../../domain/report-row.ts';
import { fittingColumns, type Column } from '../../view/columns.ts';
import { wrapped } from '../../view/wrapped.ts';
import type { State } from '../state.ts';
import type { Theme } from '../theme.ts';
import { Line } from '../widgets/line.tsx';

interface Props {
  readonly state: State;
  readonly columns: number;
  readonly theme: Theme;
}

const sortedBy: Readonly<Record<State['sort'], Column['id']>> = {
  size: 'bytes',
  count: 'blocks',
  growth: 'growth',
  age: 'oldest',
};

/** The ranked table of live sites. */
export function Sites({ state, columns, theme }: Props) {
  const shown = fittingColumns(columns - 2);
  const title = shown.map((column) => {
    const mark = sortedBy[state.sort] === column.id ? (state.reversed ? '^' : 'v') : '';
    return cell(`${column.title}${mark}`, column);
  });
  const empty = emptyLines(state, columns);
  const inSight = state.rows.slice(state.top, state.top + state.height);
  return (
    <>
      <Line {...theme.title}>{`  ${title.join(' ')}`}</Line>
      {Array.from({ length: state.height }, (_, i) => {
        const row = inSight[i];
        if (row === undefined) return <Line key={i}>{empty[i] ?? ''}</Line>;
        const isSelected = state.top + i === state.selected;
        const text = `${isSelected ? '>' : ' '} ${rowText(row, shown, theme.unicode)}`;
        return (
          <Line key={i} inverse={isSelected}>
            {isSelected ? text.padEnd(columns) : text}
          </Line>
        );
      })}
    </>
  );
}

/** What stands instead of rows, the report's remarks in full: above the table they are cut. */
function emptyLines(state: State, width: number): readonly string[] {
  if (state.rows.length > 0) return [];
  const said =
    state.filter === ''
      ? [
          'nothing outstanding: every block allocated since attaching was freed, or none was allocated',
          ...(state.report?.notices ?? []).map((notice) => notice.text),
        ]
      : ['no stack matches the filter (Esc clears it)'];
  return said
    .flatMap((text) => [...wrapped(text, width - indent.length), ''])
    .map((line) => indent + line);
}

const indent = '  ';

const rowText = (row: ReportRow, shown: readonly Column[], unicode: boolean): string =>
  shown.map((column) => cell(column.text(row, unicode), column)).join(' ');

function cell(text: string, { width, align }: Column): string {
  if (width === 0) return text;
  const padding = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? `${padding}${text}` : `${text}${padding}`;
}
