import type { Ranking, ScreenState } from './screen-state.ts';

/** The rows that the filter lets through (terms with `|`), in order. */
export function arrange<State extends ScreenState>(
  state: State,
  ranking: Ranking<State>,
): readonly State['rows'][number][] {
  return filtered(ranking.sorted(state), state.filter, ranking);
}

function filtered<State extends ScreenState>(
  rows: readonly State['rows'][number][],
  filter: string,
  { textOf }: Ranking<State>,
): readonly State['rows'][number][] {
  const terms = filter
    .toLowerCase()
    .split('|')
    .filter((term) => term !== '');
  if (terms.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return terms.some((term) => text.includes(term));
  });
}

/** The state with the rows that its report, filter and order say; the selection stays on a row that was chosen. */
export function rearranged<State extends ScreenState>(
  state: State,
  ranking: Ranking<State>,
): State {
  const all = ranking.sorted(state);
  const rows = filtered(all, state.filter, ranking);
  const { openedRow } = state;
  const opened = openedRow === null ? null : ranking.keyOf(openedRow);
  const latest = opened === null ? null : all.find((row) => ranking.keyOf(row) === opened);
  const kept = state.chosen ? rows.findIndex((row) => ranking.keyOf(row) === state.key) : -1;
  return select(
    { ...state, rows, openedRow: latest ?? openedRow },
    kept < 0 ? state.selected : kept,
    ranking,
  );
}

/** Selects a row by its index, or the nearest one that there is. */
export function select<State extends ScreenState>(
  state: State,
  index: number,
  { keyOf }: Ranking<State>,
): State {
  const selected = Math.max(0, Math.min(index, state.rows.length - 1));
  const row = state.rows[selected];
  return inSight({ ...state, selected, key: row === undefined ? null : keyOf(row) });
}

/** The state with its selected row in sight, and no room left empty while there are rows above. */
export function inSight<State extends ScreenState>(state: State): State {
  const { selected, height, rows } = state;
  const lowest = Math.max(0, rows.length - height);
  const top = Math.min(selected, Math.max(state.top, selected - height + 1));
  return { ...state, top: Math.max(0, Math.min(top, lowest)) };
}

/** Selects the next row that has the search text, from `from` rows on; the same where none has. */
export function found<State extends ScreenState>(
  state: State,
  by: -1 | 1,
  from: 0 | 1,
  ranking: Ranking<State>,
): State {
  const { rows, selected } = state;
  const wanted = state.search.toLowerCase();
  if (wanted === '' || rows.length === 0) return state;
  for (let i = 0; i < rows.length; i++) {
    const at = (((selected + by * (i + from)) % rows.length) + rows.length) % rows.length;
    if (ranking.textOf(rows[at]).toLowerCase().includes(wanted)) {
      return select({ ...state, chosen: true }, at, ranking);
    }
  }
  return state;
}
