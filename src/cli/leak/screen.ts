import type { History } from '../../domain/history.ts';
import { leakReport } from '../../domain/leak-report.ts';
import type { LeakSnapshot } from '../../domain/leak-snapshot.ts';
import { milliseconds } from '../../domain/units.ts';
import type { Context } from '../command.ts';
import { leakDefaults } from './options.ts';
import type { LeakRequest } from './request.ts';
import type { LeakWorld } from './run.ts';

/** Blocks up to this many are read for exact ages on the screen: well under a tenth of a second. */
const mostBlocksForAges = 100_000;

/**
 * The live screen of a request, or null where lines are wanted: no terminal, --plain, another format, --trace, a COUNT, or a
 * command, whose terminal it is then.
 */
export function screenFor(
  request: LeakRequest,
  context: Context,
  history: History,
): LeakWorld['screen'] {
  const isLive =
    context.isTerminal &&
    !request.plain &&
    request.format === 'text' &&
    !request.session.trace &&
    request.schedule.count === Infinity &&
    request.target.kind !== 'command';
  if (!isLive) return null;
  return async (source, leave) => {
    // React reads it when it is loaded: its development build is several times slower.
    process.env['NODE_ENV'] ??= 'production';
    const { drawLeakScreen } = await import('../../tui/leak-screen.tsx');
    let liveBlocks = Infinity;
    await drawLeakScreen({
      read: async () => {
        const ages = request.report.olderThan > 0 || liveBlocks <= mostBlocksForAges;
        const snapshot = await source.snapshot({ blocks: ages });
        const report = leakReport(snapshot, history, {
          top: Infinity,
          sort: 'size',
          olderThan: request.report.olderThan,
          perProcess: false,
        });
        liveBlocks = report.live.blocks;
        return report;
      },
      withLines: (stack) => source.withLines(stack),
      target: targetText(await source.snapshot()),
      intervalMs:
        request.schedule.interval ?? milliseconds(leakDefaults.screenIntervalSeconds * 1000),
      sort: request.report.sort,
      environment: context.environment,
      stage: context.stage,
      leave,
    });
  };
}

function targetText({ images, mode }: LeakSnapshot): string {
  if (mode === 'kernel') return 'kernel';
  return images
    .filter((image) => image.parent === 0)
    .map(({ command, pid }) => `${command}[${pid}]`)
    .join(' ');
}
