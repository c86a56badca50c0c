import { commandText } from '../../view/triage-lines.ts';
import type { GaugeReading } from '../../view/triage-gauges.ts';
import { triageRowPage, triageSummary } from '../../view/triage-page.ts';
import { triageProcessColumns } from '../../view/triage-process-columns.ts';
import { triageVerdictColumns } from '../../view/triage-columns.ts';
import { helpLines } from '../help.ts';
import type { Theme } from '../theme.ts';
import { tableHeadHeight, useScreen } from '../use-screen.ts';
import { Footer, footerHeight } from '../widgets/footer.tsx';
import { Frame } from '../widgets/frame.tsx';
import { Line } from '../widgets/line.tsx';
import { Lines } from '../widgets/lines.tsx';
import { headerHeight, TriageHeader } from './header.tsx';
import { triageBindings } from './keys.ts';
import { rowTitles, TriageRows } from './rows.tsx';
import { initialTriageState, reduceTriage, type TriageState } from './state.ts';
import { type RunNext, useTracer } from './use-tracer.tsx';

export interface TriageAppProps {
  /** Looks at the machine, and gives the verdicts on the window up to now. */
  readonly read: () => Promise<GaugeReading>;
  readonly run: RunNext;
  readonly intervalMs: number;
  /** The process whose page is open at first; null: none. */
  readonly about: number | null;
  readonly isRoot: boolean;
  readonly theme: Theme;
  /** Aborted when the session ends by a signal or by its time. */
  readonly leave: AbortSignal;
}

/** Lines for the selected row on a terminal with so many rows. */
const footHeight = (rows: number): number => (rows < 20 ? 2 : rows < 28 ? 4 : rows < 40 ? 5 : 7);

/** A page takes the place of the rows and of what is below them. */
const pageHeight = ({ height }: TriageState, rows: number): number =>
  height + rowTitles + footHeight(rows);

/** The whole screen of `memtrace`. */
export function TriageApp({ read, run, intervalMs, about, isRoot, theme, leave }: TriageAppProps) {
  const [state, send, { rows }] = useScreen({
    initial: initialTriageState(intervalMs, about),
    reduce: reduceTriage,
    bindings: triageBindings,
    read,
    leave,
    around: (of) => headerHeight(of) + footHeight(of) + footerHeight + rowTitles - tableHeadHeight,
    pageLines: (of) => pageLines(of, isRoot),
    pageHeight,
    isCovered: ({ tracer }) => tracer?.phase === 'shown',
    isBusy: ({ tracer }) => tracer !== null && tracer.phase !== 'over',
  });
  const tracer = useTracer(state, send, run);
  if (tracer !== null) return tracer;
  const { report: reading, columns, scroll, view, selected } = state;
  if (reading === null) return <Line>{state.problem ?? 'looking at this machine…'}</Line>;
  const foot = footHeight(rows + 1);
  const row = state.rows[selected];
  const summary = row === undefined ? [] : triageSummary(row, foot, { width: columns, isRoot });
  return (
    <Frame columns={columns} rows={rows} theme={theme}>
      <TriageHeader state={state} reading={reading} rows={rows + 1} isRoot={isRoot} theme={theme} />
      {view === 'table' ? (
        <>
          <TriageRows state={state} theme={theme} />
          {Array.from({ length: foot }, (_, i) => (
            <Line key={i} {...(i === foot - 1 ? theme.title : {})}>
              {summary[i] ?? ''}
            </Line>
          ))}
        </>
      ) : (
        <Lines
          scroll={scroll}
          height={pageHeight(state, rows + 1)}
          lines={pageLines(state, isRoot)}
        />
      )}
      <Footer state={state} opens="run" more="i why Tab to processes " theme={theme} />
    </Frame>
  );
}

/** The lines of the view that is open, where it is one of lines. */
function pageLines(state: TriageState, isRoot: boolean): readonly string[] {
  const { view, report: reading, openedRow, tracer, columns: width } = state;
  if (view === 'help')
    return helpLines(
      triageBindings,
      [...triageVerdictColumns, ...triageProcessColumns],
      remark,
      width,
    );
  if (view === 'tracer' && tracer !== null) {
    const command = commandText(tracer.next, isRoot);
    if (tracer.phase === 'over') return [command, '', ...tracer.lines];
    return [command, '', tracer.phase === 'ending' ? 'detaching…' : 'starting…  (Esc stops it)'];
  }
  if (view !== 'row' || openedRow === null || reading === null) return [];
  return triageRowPage(openedRow, reading.report, { width, isRoot });
}

const remark =
  'A verdict rests on what moved while it was watched: what moved before is not seen, and what is quiet now may begin.';
