import type { LeakReport } from '../domain/leak-report.ts';
import { compareRows, type ReportRow, type SortKey } from '../domain/report-row.ts';

/** The rows of a report that the filter lets through (terms with `|`), in the order asked for. */
export function arrange(state: {
  readonly report: LeakReport | null;
  readonly filter: string;
  readonly sort: SortKey;
  readonly reversed: boolean;
}): readonly ReportRow[] {
  const terms = state.filter
    .toLowerCase()
    .split('|')
    .filter((term) => term !== '');
  const rows = (state.report?.rows ?? []).filter(
    (row) => terms.length === 0 || terms.some((term) => textOf(row).includes(term)),
  );
  const sorted = rows.toSorted(compareRows[state.sort]);
  return state.reversed ? sorted.toReversed() : sorted;
}

const textOf = (row: ReportRow): string =>
  row.stack.frames
    .map(({ symbol, module }) => `${symbol ?? ''} ${module ?? ''}`)
    .join(' ')
    .toLowerCase();
