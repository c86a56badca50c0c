import { History } from '../../domain/history.ts';
import { leakReport, type ReportOptions } from '../../domain/leak-report.ts';
import { formats } from '../../formats/index.ts';
import type { LeakPrinter } from './printer.ts';
import { planJson, planText } from './plan-print.ts';
import type { LeakRequest } from './request.ts';

/** The printer of a request: its format, fed with the reports of one session; `history`: what its screen has seen. */
export function formatPrinter(
  request: LeakRequest,
  history = new History(),
  now: () => number = Date.now,
): LeakPrinter {
  const format = formats[request.format];
  const options: ReportOptions = {
    top: request.report.top,
    sort: request.report.sort,
    olderThan: request.report.olderThan,
    perProcess: format.perProcess,
  };
  const startedAt = now();
  return {
    opening: ({ target }) => format.opening({ at: startedAt, target }),
    report: async (snapshot, source) => {
      const report = leakReport(snapshot, history, options);
      const stacks = await Promise.all(report.rows.map((row) => source.withLines(row.stack)));
      return format.report(report, new Map(stacks.map((stack) => [stack.id, stack])), {
        blocks: request.report.showBlocks && !request.report.combinedOnly,
      });
    },
    events: (events) => events.map((event) => format.event(event, startedAt)).join(''),
    plan: (plan, session) => (request.format === 'json' ? planJson(plan) : planText(plan, session)),
  };
}
