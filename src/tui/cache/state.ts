import type { CacheReading, CacheSpan } from '../../domain/cache-reading.ts';
import {
  type CacheReport,
  type CacheRow,
  cacheViews,
  type CacheView,
} from '../../domain/cache-report.ts';
import { type CacheColumnId, cacheColumns, sortedRows } from '../../view/cache-columns.ts';
import { reduceScreen } from '../reduce.ts';
import { rearranged } from '../ranking.ts';
import {
  initialScreen,
  type Ranking,
  type ScreenMessage,
  type ScreenState,
} from '../screen-state.ts';

/** All that the screen of `memtrace cache` shows: a row opened is its share of the matrix of processes and files. */
export interface CacheState extends ScreenState<CacheReading, CacheRow, CacheColumnId, 'remarks'> {
  readonly by: CacheView;
  readonly span: CacheSpan;
  /** Ratios of the latest intervals of the system, oldest first; null where nothing was accessed. */
  readonly ratios: readonly (number | null)[];
}

export type CacheMessage =
  | ScreenMessage<CacheState>
  | { readonly type: 'switched'; readonly to: CacheView }
  | { readonly type: 'tabbed'; readonly by: -1 | 1 }
  | { readonly type: 'span-changed' };

const mostRatios = 200;
const usualSort: CacheColumnId = 'hits';

export const cacheRanking: Ranking<CacheState> = {
  sorted: ({ report, by, span, sort, reversed, chosen, key }) => {
    const rows = report?.rows(by, span, chosen ? key : null) ?? [];
    const column = cacheColumns[by].find(({ id }) => id === sort);
    return column === undefined ? rows : sortedRows(rows, column, reversed);
  },
  keyOf: ({ id }) => id,
  textOf: ({ subject }) => {
    switch (subject.view) {
      case 'process':
        return `${subject.process.command}\n${subject.process.pid}`;
      case 'file':
        return `${subject.file.path}\n${subject.file.hostPath ?? ''}`;
      case 'cgroup':
        return subject.cgroup.path;
    }
  },
  sortKeys: ({ by }) => cacheColumns[by].map(({ id }) => id),
};

export interface InitialCache {
  readonly intervalMs: number;
  readonly by: CacheView;
  readonly sort: CacheColumnId;
  readonly reversed: boolean;
}

export const initialCacheState = ({
  intervalMs,
  by,
  sort,
  reversed,
}: InitialCache): CacheState => ({
  ...initialScreen(intervalMs, sort),
  reversed,
  by,
  span: 'interval',
  ratios: [],
});

/** The report that is shown; null before the first. */
export const shownReport = ({ report, by, span }: CacheState): CacheReport | null =>
  report?.report(by, span) ?? null;

/** The next state; pure. */
export function reduceCache(state: CacheState, message: CacheMessage): CacheState {
  if (message.type === 'switched') return switched(state, message.to);
  if (message.type === 'tabbed') {
    const at = cacheViews.indexOf(state.by) + message.by + cacheViews.length;
    return switched(state, cacheViews[at % cacheViews.length] ?? state.by);
  }
  if (message.type === 'span-changed') {
    const span = state.span === 'interval' ? 'session' : 'interval';
    return rearranged({ ...state, span }, cacheRanking);
  }
  return reduceScreen(noted(state, message), message, cacheRanking);
}

/** The state with the ratio of a report that came. */
function noted(state: CacheState, message: CacheMessage): CacheState {
  if (message.type !== 'reported') return state;
  const { ratio } = message.report.report(state.by, 'interval').system;
  return { ...state, ratios: [...state.ratios, ratio].slice(-mostRatios) };
}

function switched(state: CacheState, by: CacheView): CacheState {
  if (by === state.by) return { ...state, view: 'table', scroll: 0 };
  const isSortable = cacheColumns[by].some(({ id }) => id === state.sort);
  const next: CacheState = {
    ...state,
    view: 'table',
    by,
    sort: isSortable ? state.sort : usualSort,
    reversed: isSortable && state.reversed,
    selected: 0,
    key: null,
    chosen: false,
    scroll: 0,
    openedRow: null,
  };
  return rearranged(next, cacheRanking);
}
