import type { LeakReport } from '../domain/leak-report.ts';
import type { ReportRow, SortKey } from '../domain/report-row.ts';
import type { Stack } from '../domain/stack.ts';
import { arrange } from './arrange.ts';

export type View = 'sites' | 'stack' | 'mappings' | 'help';

/** All that the screen shows. Invariant: with rows there is a selected one, and it is in sight. */
export interface State {
  readonly view: View;
  readonly report: LeakReport | null;
  /** The report's rows, filtered and in order. */
  readonly rows: readonly ReportRow[];
  readonly selected: number;
  /** The selected row's key: the selection stays on its row when the order changes, once the user has chosen one. */
  readonly key: string | null;
  readonly chosen: boolean;
  /** Index of the first row in sight, and how many are. */
  readonly top: number;
  readonly height: number;
  /** First line in sight of the other views. */
  readonly scroll: number;
  readonly sort: SortKey;
  readonly reversed: boolean;
  readonly filter: string;
  readonly search: string;
  /** What is being typed, if anything. */
  readonly typing: 'filter' | 'search' | null;
  readonly paused: boolean;
  readonly intervalMs: number;
  /** The open stack with source lines, once they were read. */
  readonly opened: Stack | null;
  /** The row that is open, as it was last seen: its blocks may all be freed meanwhile. */
  readonly openedRow: ReportRow | null;
  readonly problem: string | null;
  readonly leaving: boolean;
}

export type Message =
  | { readonly type: 'reported'; readonly report: LeakReport }
  | { readonly type: 'failed'; readonly problem: string }
  | { readonly type: 'resized'; readonly height: number }
  | { readonly type: 'moved'; readonly by: number }
  | { readonly type: 'paged'; readonly by: -1 | 1 }
  | { readonly type: 'jumped'; readonly to: 'first' | 'last' }
  | { readonly type: 'opened' }
  | { readonly type: 'lined'; readonly stack: Stack }
  | { readonly type: 'closed' }
  | { readonly type: 'showed'; readonly view: 'mappings' | 'help' }
  | { readonly type: 'sorted'; readonly by: SortKey }
  | { readonly type: 'sort-moved'; readonly by: -1 | 1 }
  | { readonly type: 'reversed' }
  | { readonly type: 'typing-began'; readonly what: 'filter' | 'search' }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erased' }
  | { readonly type: 'entered' }
  | { readonly type: 'found'; readonly by: -1 | 1 }
  | { readonly type: 'paused' }
  | { readonly type: 'paced'; readonly factor: number }
  | { readonly type: 'left' };

export const sortKeys: readonly SortKey[] = ['size', 'count', 'growth', 'age'];
const fastestMs = 250;
const slowestMs = 60_000;

export function initialState(intervalMs: number, height: number, sort: SortKey = 'size'): State {
  return {
    view: 'sites',
    report: null,
    rows: [],
    selected: 0,
    key: null,
    chosen: false,
    top: 0,
    height: Math.max(1, height),
    scroll: 0,
    sort,
    reversed: false,
    filter: '',
    search: '',
    typing: null,
    paused: false,
    intervalMs,
    opened: null,
    openedRow: null,
    problem: null,
    leaving: false,
  };
}

/** The next state; pure. */
export function reduce(state: State, message: Message): State {
  switch (message.type) {
    case 'reported':
      return reopened(rearranged({ ...state, report: message.report, problem: null }));
    case 'failed':
      return { ...state, problem: message.problem };
    case 'resized':
      return inSight({ ...state, height: Math.max(1, message.height) });
    case 'moved':
      return moved(state, message.by);
    case 'paged':
      return moved(state, message.by * Math.max(1, state.height - 1));
    case 'jumped':
      return moved(state, message.to === 'first' ? -Infinity : Infinity);
    case 'opened':
      if (state.view !== 'sites' || state.rows.length === 0) return state;
      return {
        ...state,
        view: 'stack',
        chosen: true,
        scroll: 0,
        opened: null,
        openedRow: state.rows[state.selected] ?? null,
      };
    case 'lined':
      return { ...state, opened: message.stack };
    case 'closed':
      if (state.typing !== null) {
        return rearranged({ ...state, typing: null, [state.typing]: '' });
      }
      if (state.view !== 'sites') return { ...state, view: 'sites', scroll: 0 };
      return rearranged({ ...state, filter: '', search: '' });
    case 'showed':
      return { ...state, view: state.view === message.view ? 'sites' : message.view, scroll: 0 };
    case 'sorted':
      return rearranged({ ...state, sort: message.by, reversed: false });
    case 'sort-moved': {
      const at = sortKeys.indexOf(state.sort) + message.by + sortKeys.length;
      return rearranged({ ...state, sort: sortKeys[at % sortKeys.length] ?? 'size' });
    }
    case 'reversed':
      return rearranged({ ...state, reversed: !state.reversed });
    case 'typing-began':
      return rearranged({ ...state, view: 'sites', typing: message.what, [message.what]: '' });
    case 'typed':
      return typed(state, (text) => text + message.text);
    case 'erased':
      return typed(state, (text) => text.slice(0, -1));
    case 'entered':
      return { ...state, typing: null };
    case 'found':
      return found(state, message.by, 1);
    case 'paused':
      return { ...state, paused: !state.paused };
    case 'paced': {
      const intervalMs = state.intervalMs * message.factor;
      return { ...state, intervalMs: Math.min(slowestMs, Math.max(fastestMs, intervalMs)) };
    }
    case 'left':
      return { ...state, leaving: true };
  }
}

/** The open row with its latest figures; as it was where it has nothing outstanding any more. */
function reopened(state: State): State {
  const { openedRow, report } = state;
  const latest = report?.rows.find((row) => row.key === openedRow?.key);
  return latest === undefined ? state : { ...state, openedRow: latest };
}

function rearranged(state: State): State {
  const rows = arrange(state);
  const kept = state.chosen ? rows.findIndex((row) => row.key === state.key) : -1;
  return select({ ...state, rows }, kept < 0 ? state.selected : kept);
}

function select(state: State, index: number): State {
  const selected = Math.max(0, Math.min(index, state.rows.length - 1));
  return inSight({ ...state, selected, key: state.rows[selected]?.key ?? null });
}

function inSight(state: State): State {
  const { selected, height, rows } = state;
  const lowest = Math.max(0, rows.length - height);
  const top = Math.min(selected, Math.max(state.top, selected - height + 1));
  return { ...state, top: Math.max(0, Math.min(top, lowest)) };
}

function moved(state: State, by: number): State {
  if (state.view === 'sites') return select({ ...state, chosen: true }, state.selected + by);
  const scroll = by === Infinity ? Number.MAX_SAFE_INTEGER : Math.max(0, state.scroll + by);
  return { ...state, scroll };
}

function typed(state: State, change: (text: string) => string): State {
  if (state.typing === null) return state;
  const next = { ...state, [state.typing]: change(state[state.typing]) };
  return state.typing === 'filter' ? rearranged(next) : found(next, 1, 0);
}

/** Selects the next row that has the search text, from `from` rows on; the same where none has. */
function found(state: State, by: -1 | 1, from: 0 | 1): State {
  const { rows, selected, search } = state;
  if (search === '' || rows.length === 0) return state;
  for (let i = 0; i < rows.length; i++) {
    const at = (((selected + by * (i + from)) % rows.length) + rows.length) % rows.length;
    if (rows[at] !== undefined && mentions(rows[at], search)) {
      return select({ ...state, chosen: true }, at);
    }
  }
  return state;
}

function mentions(row: ReportRow, text: string): boolean {
  const wanted = text.toLowerCase();
  return row.stack.frames.some((frame) =>
    `${frame.symbol ?? ''} ${frame.module ?? ''}`.toLowerCase().includes(wanted),
  );
}
