import { useEffect } from 'react';

import type { LeakReport } from '../../domain/leak-report.ts';
import type { SortKey } from '../../domain/report-row.ts';
import type { Stack } from '../../domain/stack.ts';
import { columns } from '../../view/columns.ts';
import { mappingsPage, stackPage } from '../../view/stack-page.ts';
import { helpLines } from '../help.ts';
import type { Theme } from '../theme.ts';
import { problemText, tableHeadHeight, useScreen } from '../use-screen.ts';
import { Footer, footerHeight } from '../widgets/footer.tsx';
import { Frame } from '../widgets/frame.tsx';
import { Line } from '../widgets/line.tsx';
import { Lines } from '../widgets/lines.tsx';
import { Header, headerHeight } from './header.tsx';
import { leakBindings } from './keys.ts';
import { Sites } from './sites.tsx';
import { initialLeakState, type LeakState, reduceLeak } from './state.ts';

export interface LeakAppProps {
  /** Reads the next report. */
  readonly read: () => Promise<LeakReport>;
  readonly withLines: (stack: Stack) => Promise<Stack>;
  /** Who is traced, in a few words. */
  readonly target: string;
  readonly intervalMs: number;
  readonly sort: SortKey;
  readonly theme: Theme;
  /** Aborted when the session ends by itself or by a signal. */
  readonly leave: AbortSignal;
}

/** The whole screen of `memtrace leak`. */
export function LeakApp({ read, withLines, target, intervalMs, sort, theme, leave }: LeakAppProps) {
  const [state, send, { rows }] = useScreen({
    initial: initialLeakState(intervalMs, sort),
    reduce: reduceLeak,
    bindings: leakBindings,
    read,
    leave,
    around: () => headerHeight + footerHeight,
    pageLines: (of) => pageLines(of, theme.unicode),
  });

  const opened = state.view === 'row' ? state.openedRow?.stack : undefined;
  useEffect(() => {
    if (opened === undefined) return;
    withLines(opened).then(
      (stack) => send({ type: 'lined', stack }),
      (error: unknown) => send({ type: 'failed', problem: problemText(error) }),
    );
  }, [opened, withLines, send]);

  if (state.report === null) {
    return <Line>{state.problem ?? `attached to ${target}; the first report is being read…`}</Line>;
  }
  const page = { scroll: state.scroll, height: state.height + tableHeadHeight };
  return (
    <Frame columns={state.columns} rows={rows} theme={theme}>
      <Header state={state} report={state.report} target={target} theme={theme} />
      {state.view === 'table' && <Sites state={state} theme={theme} />}
      {state.view !== 'table' && <Lines {...page} lines={pageLines(state, theme.unicode)} />}
      <Footer state={state} opens="stack" theme={theme} />
    </Frame>
  );
}

/** The lines of the view that is open, where it is one of lines. */
function pageLines(state: LeakState, unicode: boolean): readonly string[] {
  const { view, report, openedRow, opened, columns: width } = state;
  if (view === 'help') return helpLines(leakBindings, columns, remark, width);
  if (report === null) return [];
  if (view === 'mappings') return mappingsPage(report);
  if (view !== 'row' || openedRow === null) return [];
  const stack = opened?.id === openedRow.stack.id ? opened : openedRow.stack;
  return stackPage(openedRow, stack, report, unicode);
}

const remark =
  'A large figure is not a leak by itself: look at growth, at the share that is ever freed, and at ages.';
