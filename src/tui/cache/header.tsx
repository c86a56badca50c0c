import { cacheViews, type CacheReport } from '../../domain/cache-report.ts';
import { cacheColumns } from '../../view/cache-columns.ts';
import { cacheHeader } from '../../view/cache-header.ts';
import { durationText } from '../../view/units.ts';
import type { Theme } from '../theme.ts';
import { Line } from '../widgets/line.tsx';
import { Title } from '../widgets/title.tsx';
import type { CacheState } from './state.ts';

/** Lines that the header takes, whatever it says. */
export const headerHeight = 5;

interface Props {
  readonly state: CacheState;
  readonly report: CacheReport;
  /** What the reports are confined to, in words. */
  readonly only: string | null;
  readonly theme: Theme;
}

/** The whole system in figures, losses and blind spots, and which table it is: on every page. */
export function CacheHeader({ state, report, only, theme }: Props) {
  const { columns, ratios, paused, intervalMs, problem, leaving } = state;
  const texts = cacheHeader(report, only, ratios, { width: columns, unicode: theme.unicode });
  const pace = paused ? 'PAUSED (Z)' : `every ${intervalMs / 1000}s`;
  const title = `memtrace cache  ${pace}  ${texts.title}`;
  const warnings = [...(problem === null ? [] : [problem]), ...texts.losses];
  const isWarning = leaving !== null || warnings.length > 0;
  const said = leaving !== null ? 'detaching…' : [...warnings, ...texts.remarks].join('  ·  ');
  return (
    <>
      <Title title={title} clock={texts.clock} columns={columns} theme={theme} />
      <Line {...theme.title}>{texts.reads}</Line>
      <Line>{texts.movement}</Line>
      <Line {...(isWarning ? theme.warning : theme.dim)}>{said}</Line>
      <Line>{tabsText(state, report)}</Line>
    </>
  );
}

/** `[1 process] 2 file  3 cgroup  by HITS  last 1.0s  12 rows`. */
function tabsText({ by, sort, reversed, rows }: CacheState, report: CacheReport): string {
  const tabs = cacheViews.map((view, i) =>
    view === by ? `[${i + 1} ${view}]` : ` ${i + 1} ${view} `,
  );
  const column = cacheColumns[by].find(({ id }) => id === sort);
  const order = `by ${column?.title ?? sort}${reversed ? ' reversed' : ''}`;
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  const span = `${report.span === 'interval' ? 'last' : 'since start,'} ${durationText(report.length)}`;
  return `${tabs.join('')} ${order}  ${span}  ${count}`;
}
