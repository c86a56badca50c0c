/** How a screen is left: for good, for the one that it was opened from, or because what it shows is over. */
export type Leaving = 'quit' | 'back' | 'over';

/** What a screen with a ranked table shows. Invariant: with rows there is a selected one, and it is in sight. */
export interface ScreenState<
  Report = unknown,
  Row = unknown,
  Sort extends string = string,
  Page extends string = string,
> {
  /** The table, the row that was opened, the keys, or another page of text. */
  readonly view: 'table' | 'row' | 'help' | Page;
  readonly report: Report | null;
  /** The report's rows, filtered and in order. */
  readonly rows: readonly Row[];
  readonly selected: number;
  /** The selected row's key: the selection stays on its row when the order changes, once the user has chosen one. */
  readonly key: string | null;
  readonly chosen: boolean;
  /** Index of the first row in sight, and how many are. */
  readonly top: number;
  readonly height: number;
  /** Characters in a line. */
  readonly columns: number;
  /** First line in sight of a page. */
  readonly scroll: number;
  readonly sort: Sort;
  readonly reversed: boolean;
  readonly filter: string;
  readonly search: string;
  /** What is being typed, if anything. */
  readonly typing: 'filter' | 'search' | null;
  readonly paused: boolean;
  readonly intervalMs: number;
  /** The row that is open, as it was last seen: there may be nothing of it any more. */
  readonly openedRow: Row | null;
  readonly problem: string | null;
  /** null: it is not. */
  readonly leaving: Leaving | null;
}

export type ScreenMessage<State extends ScreenState = ScreenState> =
  | { readonly type: 'reported'; readonly report: NonNullable<State['report']> }
  | { readonly type: 'failed'; readonly problem: string }
  | { readonly type: 'resized'; readonly height: number; readonly columns: number }
  | { readonly type: 'moved'; readonly by: number }
  | { readonly type: 'paged'; readonly by: -1 | 1 }
  | { readonly type: 'jumped'; readonly to: 'first' | 'last' }
  | { readonly type: 'opened' }
  | { readonly type: 'closed' }
  | { readonly type: 'showed'; readonly view: Exclude<State['view'], 'table' | 'row'> }
  | { readonly type: 'sorted'; readonly by: State['sort'] }
  | { readonly type: 'sort-moved'; readonly by: -1 | 1 }
  | { readonly type: 'reversed' }
  | { readonly type: 'typing-began'; readonly what: 'filter' | 'search' }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erased' }
  | { readonly type: 'entered' }
  | { readonly type: 'found'; readonly by: -1 | 1 }
  | { readonly type: 'paused' }
  | { readonly type: 'paced'; readonly factor: number }
  | { readonly type: 'left' }
  | { readonly type: 'went-back' }
  | { readonly type: 'ended' };

type RowOf<State extends ScreenState> = State['rows'][number];

/** What a screen's rows are. */
export interface Ranking<State extends ScreenState> {
  /** All rows of the state's report, in the order that it says. */
  readonly sorted: (state: State) => readonly RowOf<State>[];
  readonly keyOf: (row: RowOf<State>) => string;
  /** The names that filter and search look at, one a line. */
  readonly textOf: (row: RowOf<State>) => string;
  readonly sortKeys: (state: State) => readonly State['sort'][];
}

/** A screen before its first report. */
export function initialScreen<Sort extends string>(intervalMs: number, sort: Sort) {
  return {
    view: 'table',
    report: null,
    rows: [],
    selected: 0,
    key: null,
    chosen: false,
    top: 0,
    height: 1,
    columns: 80,
    scroll: 0,
    sort,
    reversed: false,
    filter: '',
    search: '',
    typing: null,
    paused: false,
    intervalMs,
    openedRow: null,
    problem: null,
    leaving: null,
  } as const satisfies ScreenState;
}
