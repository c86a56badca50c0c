import type { CacheReading } from '../../domain/cache-reading.ts';
import { cacheColumns, type UserNames } from '../../view/cache-columns.ts';
import { cacheRemarksPage, cacheRowPage } from '../../view/cache-page.ts';
import { helpLines } from '../help.ts';
import type { Theme } from '../theme.ts';
import { tableHeadHeight, useScreen } from '../use-screen.ts';
import { Footer, footerHeight } from '../widgets/footer.tsx';
import { Frame } from '../widgets/frame.tsx';
import { Line } from '../widgets/line.tsx';
import { Lines } from '../widgets/lines.tsx';
import { Foot, footHeight } from './foot.tsx';
import { CacheHeader, headerHeight } from './header.tsx';
import { cacheBindings } from './keys.ts';
import {
  type CacheState,
  type InitialCache,
  initialCacheState,
  reduceCache,
  shownReport,
} from './state.ts';
import { CacheTable } from './table.tsx';

export interface CacheAppProps extends InitialCache {
  /** Reads the next reports. */
  readonly read: () => Promise<CacheReading>;
  /** What the reports are confined to, in words; null: nothing. */
  readonly only: string | null;
  readonly users: UserNames;
  readonly theme: Theme;
  /** Aborted when the session ends by a signal or by its time. */
  readonly leave: AbortSignal;
}

/** The whole screen of `memtrace cache`. */
export function CacheApp({ read, only, users, theme, leave, ...given }: CacheAppProps) {
  const linesOf = (state: CacheState) => pageLines(state, only, theme.unicode);
  const [state, , { rows }] = useScreen({
    initial: initialCacheState(given),
    reduce: reduceCache,
    bindings: cacheBindings,
    read,
    leave,
    around: (of) => headerHeight + footHeight(of) + footerHeight,
    pageLines: linesOf,
  });
  const report = shownReport(state);
  if (report === null)
    return <Line>{state.problem ?? 'attached; the first report is being read'}</Line>;
  const foot = footHeight(rows + 1);
  // A page takes the place of the table and of what is below it.
  const page = { scroll: state.scroll, height: state.height + tableHeadHeight };
  return (
    <Frame columns={state.columns} rows={rows} theme={theme}>
      <CacheHeader state={state} report={report} only={only} theme={theme} />
      {state.view === 'table' && (
        <CacheTable state={state} report={report} users={users} only={only} theme={theme} />
      )}
      {state.view !== 'table' && <Lines {...page} lines={linesOf(state)} />}
      <Foot report={report} height={foot} width={state.columns} theme={theme} />
      <Footer state={state} opens={opens[state.by]} more="Tab view a span " theme={theme} />
    </Frame>
  );
}

const opens: Readonly<Record<CacheState['by'], string>> = {
  process: 'files',
  file: 'users',
  cgroup: 'uses',
};

/** The lines of the view that is open, where it is one of lines. */
function pageLines(state: CacheState, only: string | null, unicode: boolean): readonly string[] {
  const { view, by, openedRow, columns: width } = state;
  if (view === 'help') return helpLines(cacheBindings, cacheColumns[by], remark, width);
  const report = shownReport(state);
  if (report === null) return [];
  if (view === 'remarks') return cacheRemarksPage(report, only, { width, unicode });
  if (view !== 'row' || openedRow === null) return [];
  return cacheRowPage(openedRow, report, { width, unicode });
}

const remark =
  'A low ratio is not a fault by itself: a file that is read once can hit nothing. What is evicted and refaulted is.';
