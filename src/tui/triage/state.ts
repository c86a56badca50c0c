import { isPlainTriage } from '../../domain/triage/next.ts';
import type { ProcessRow } from '../../domain/triage/report.ts';
import type { NextCommand } from '../../domain/triage/verdict.ts';
import type { GaugeReading } from '../../view/triage-gauges.ts';
import { nextOf, type TriageRow } from '../../view/triage-page.ts';
import type { triageProcessColumns } from '../../view/triage-process-columns.ts';
import { rearranged, select } from '../ranking.ts';
import { reduceScreen } from '../reduce.ts';
import {
  initialScreen,
  type Leaving,
  type Ranking,
  type ScreenMessage,
  type ScreenState,
} from '../screen-state.ts';

/** A command that runs inside the screen. */
export interface Tracer {
  readonly next: NextCommand;
  /** `shown`: its own screen is drawn in the place of this one; `over`: it has ended, and left lines. */
  readonly phase: 'opening' | 'shown' | 'ending' | 'over';
  /** How its screen was left; null: it was not, or has none. */
  readonly left: Leaving | null;
  /** Whether it is to end before it shows anything. */
  readonly isCancelled: boolean;
  /** What it printed, or why it could not run. */
  readonly lines: readonly string[];
}

/** All that the screen of `memtrace triage` shows: verdicts first, then processes. */
export interface TriageState extends ScreenState<GaugeReading, TriageRow, TriageSort, 'tracer'> {
  readonly tracer: Tracer | null;
  /** The process whose page is open at first. */
  readonly about: number | null;
}

export type TriageMessage =
  | ScreenMessage<TriageState>
  | { readonly type: 'tabbed' }
  | { readonly type: 'ran' }
  | { readonly type: 'tracer-shown' }
  | { readonly type: 'tracer-left'; readonly how: Leaving }
  | { readonly type: 'tracer-ended'; readonly lines: readonly string[] };

/** What processes are sorted by, each the most first; growth: as the report has them. */
const sizes = {
  growth: null,
  resident: ({ of }: ProcessRow) => of.resident,
  own: ({ of }: ProcessRow) => of.anonymous,
  swap: ({ of }: ProcessRow) => of.detail?.swap ?? -1,
  faults: ({ of }: ProcessRow) => of.detail?.majorFaultRate ?? -1,
  oom: ({ of }: ProcessRow) => of.detail?.oomScore ?? -1,
} as const satisfies Partial<
  Record<(typeof triageProcessColumns)[number]['id'], ((row: ProcessRow) => number) | null>
>;

export type TriageSort = keyof typeof sizes;

const sortKeys = Object.keys(sizes) as TriageSort[];

export const triageRanking: Ranking<TriageState> = {
  sorted: ({ report: reading, sort, reversed }) => {
    if (reading === null) return [];
    const { verdicts, processes } = reading.report;
    const size = sizes[sort];
    const sorted = size === null ? processes : processes.toSorted((a, b) => size(b) - size(a));
    return [
      ...verdicts.map((verdict): TriageRow => {
        const { code, subject } = verdict;
        return { kind: 'verdict', id: `${code} ${JSON.stringify(subject)}`, verdict };
      }),
      ...(reversed ? sorted.toReversed() : sorted).map((process): TriageRow => ({
        kind: 'process',
        id: `process ${process.of.id}`,
        process,
      })),
    ];
  },
  keyOf: ({ id }) => id,
  textOf: (row) =>
    row.kind === 'verdict'
      ? `${row.verdict.title}\n${row.verdict.sentence}`
      : `${row.process.of.command}\n${row.process.of.pid}`,
  sortKeys: () => sortKeys,
};

export const initialTriageState = (intervalMs: number, about: number | null): TriageState => ({
  ...initialScreen(intervalMs, 'growth' as TriageSort),
  tracer: null,
  about,
});

/** The next state; pure. */
export function reduceTriage(state: TriageState, message: TriageMessage): TriageState {
  const { tracer } = state;
  if (message.type === 'reported' && state.report === null)
    return begun(reduceScreen(state, message, triageRanking));
  if (message.type === 'ran') return ran(state);
  if (message.type === 'tabbed') return tabbed(state);
  if (message.type === 'tracer-shown')
    return { ...state, tracer: withPhase(tracer, { phase: 'shown' }) };
  if (message.type === 'tracer-left')
    return { ...state, tracer: withPhase(tracer, { phase: 'ending', left: message.how }) };
  if (message.type === 'tracer-ended') return ended(state, message.lines);
  if (message.type === 'closed' && state.view === 'tracer' && tracer !== null)
    return cancelled(state, tracer);
  return reduceScreen(state, message, triageRanking);
}

/** With its first report: on the page of the process that was asked about. */
function begun(state: TriageState): TriageState {
  const at = state.rows.findIndex(
    (row) => row.kind === 'process' && row.process.of.pid === state.about,
  );
  if (at < 0) return state;
  const there = select({ ...state, chosen: true }, at, triageRanking);
  return reduceScreen(there, { type: 'opened' }, triageRanking);
}

const withPhase = (tracer: Tracer | null, change: Partial<Tracer>): Tracer | null =>
  tracer === null ? null : { ...tracer, ...change };

const isOver = (tracer: Tracer | null): boolean => tracer === null || tracer.phase === 'over';

/** Runs what is proposed for the row that is selected or open; what this screen itself would show is opened. */
function ran(state: TriageState): TriageState {
  if (state.view !== 'table' && state.view !== 'row') return state;
  const row = state.view === 'row' ? state.openedRow : state.rows[state.selected];
  if (row === undefined || row === null) return state;
  const next = nextOf(row);
  if (next === null || isPlainTriage(next))
    return reduceScreen(state, { type: 'opened' }, triageRanking);
  if (!isOver(state.tracer)) return state;
  return {
    ...state,
    view: 'tracer',
    chosen: true,
    scroll: 0,
    tracer: { next, phase: 'opening', left: null, isCancelled: false, lines: [] },
  };
}

/** To the first process, and from there to the first verdict. */
function tabbed(state: TriageState): TriageState {
  if (state.view !== 'table') return state;
  const first = state.rows.findIndex(({ kind }) => kind === 'process');
  const isAbove = state.selected < first;
  return select({ ...state, chosen: true }, isAbove ? first : 0, triageRanking);
}

/** Esc on the page of a command: what has not shown anything yet is to end. */
function cancelled(state: TriageState, tracer: Tracer): TriageState {
  const kept = tracer.phase === 'over' ? null : { ...tracer, isCancelled: true };
  return rearranged({ ...state, view: 'table', scroll: 0, tracer: kept }, triageRanking);
}

/** A command is over: its lines stay, unless its screen was left by a key. */
function ended(state: TriageState, lines: readonly string[]): TriageState {
  const { tracer } = state;
  if (tracer === null) return state;
  const back: TriageState = { ...state, tracer: null, scroll: 0 };
  if (tracer.left === 'quit') return { ...back, leaving: 'quit' };
  const isWanted = tracer.left !== 'back' && !tracer.isCancelled;
  if (isWanted && state.view === 'tracer')
    return { ...back, tracer: { ...tracer, phase: 'over', lines } };
  return rearranged(
    { ...back, view: state.view === 'tracer' ? 'table' : state.view },
    triageRanking,
  );
}
