import { found, inSight, rearranged, select } from './ranking.ts';
import type { Ranking, ScreenMessage, ScreenState } from './screen-state.ts';

const fastestMs = 250;
const slowestMs = 60_000;

/** The next state of a screen; pure. What the screen has of its own stays as it is. */
export function reduceScreen<State extends ScreenState>(
  state: State,
  message: ScreenMessage<State>,
  ranking: Ranking<State>,
): State {
  const again = (changed: State) => rearranged(changed, ranking);
  switch (message.type) {
    case 'reported':
      return again({ ...state, report: message.report, problem: null });
    case 'failed':
      return { ...state, problem: message.problem };
    case 'resized':
      return inSight({
        ...state,
        height: Math.max(1, message.height),
        columns: Math.max(1, message.columns),
      });
    case 'moved':
      return moved(state, message.by, ranking);
    case 'paged':
      return moved(state, message.by * Math.max(1, state.height - 1), ranking);
    case 'jumped':
      return moved(state, message.to === 'first' ? -Infinity : Infinity, ranking);
    case 'opened':
      if (state.view !== 'table' || state.rows.length === 0) return state;
      return {
        ...state,
        view: 'row',
        chosen: true,
        scroll: 0,
        openedRow: state.rows[state.selected] ?? null,
      };
    case 'closed':
      if (state.typing !== null) return again({ ...state, typing: null, [state.typing]: '' });
      if (state.view !== 'table') return { ...state, view: 'table', scroll: 0 };
      return again({ ...state, filter: '', search: '' });
    case 'showed':
      return { ...state, view: state.view === message.view ? 'table' : message.view, scroll: 0 };
    case 'sorted':
      return again({ ...state, sort: message.by, reversed: false });
    case 'sort-moved': {
      const keys = ranking.sortKeys(state);
      const at = keys.indexOf(state.sort) + message.by + keys.length;
      return again({ ...state, sort: keys[at % keys.length] ?? state.sort });
    }
    case 'reversed':
      return again({ ...state, reversed: !state.reversed });
    case 'typing-began':
      return again({ ...state, view: 'table', typing: message.what, [message.what]: '' });
    case 'typed':
      return typed(state, (text) => text + message.text, ranking);
    case 'erased':
      return typed(state, (text) => text.slice(0, -1), ranking);
    case 'entered':
      return { ...state, typing: null };
    case 'found':
      return found(state, message.by, 1, ranking);
    case 'paused':
      return { ...state, paused: !state.paused };
    case 'paced': {
      const intervalMs = state.intervalMs * message.factor;
      return { ...state, intervalMs: Math.min(slowestMs, Math.max(fastestMs, intervalMs)) };
    }
    case 'left':
      return { ...state, leaving: 'quit' };
    case 'went-back':
      return { ...state, leaving: 'back' };
    case 'ended':
      return { ...state, leaving: state.leaving ?? 'over' };
  }
}

function moved<State extends ScreenState>(
  state: State,
  by: number,
  ranking: Ranking<State>,
): State {
  if (state.view === 'table')
    return select({ ...state, chosen: true }, state.selected + by, ranking);
  const scroll = by === Infinity ? Number.MAX_SAFE_INTEGER : Math.max(0, state.scroll + by);
  return { ...state, scroll };
}

function typed<State extends ScreenState>(
  state: State,
  change: (text: string) => string,
  ranking: Ranking<State>,
): State {
  if (state.typing === null) return state;
  const next = { ...state, [state.typing]: change(state[state.typing]) };
  return state.typing === 'filter' ? rearranged(next, ranking) : found(next, 1, 0, ranking);
}
