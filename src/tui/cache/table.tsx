import type { CacheReport } from '../../domain/cache-report.ts';
import { fittingCacheColumns, type UserNames } from '../../view/cache-columns.ts';
import { spanText } from '../../view/cache-page.ts';
import { modeRemarks } from '../../view/cache-remarks.ts';
import { wrapped } from '../../view/wrapped.ts';
import type { Theme } from '../theme.ts';
import { Table, tableMargin } from '../widgets/table.tsx';
import type { CacheState } from './state.ts';

interface Props {
  readonly state: CacheState;
  readonly report: CacheReport;
  readonly users: UserNames;
  readonly only: string | null;
  readonly theme: Theme;
}

/** The ranked table of processes, files or control groups. */
export function CacheTable({ state, report, users, only, theme }: Props) {
  return (
    <Table
      state={state}
      columns={fittingCacheColumns(state.by, users, state.columns - tableMargin, state.sort)}
      sortedBy={state.sort}
      empty={emptyLines(state, report, only)}
      theme={theme}
    />
  );
}

function emptyLines(
  { rows, filter, columns }: CacheState,
  report: CacheReport,
  only: string | null,
): readonly string[] {
  if (rows.length > 0) return [];
  const said =
    filter === ''
      ? [
          `nothing was read, written or evicted ${spanText(report)}`,
          ...modeRemarks(report.snapshot, only),
        ]
      : ['no name matches the filter (Esc clears it)'];
  return said
    .flatMap((text) => [...wrapped(text, columns - tableMargin), ''])
    .map((line) => ' '.repeat(tableMargin) + line);
}
