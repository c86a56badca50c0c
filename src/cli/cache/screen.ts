import type { CacheHistory } from '../../domain/cache-interval.ts';
import { CacheReading } from '../../domain/cache-reading.ts';
import { milliseconds } from '../../domain/units.ts';
import type { UserNames } from '../../view/cache-columns.ts';
import type { Context } from '../command.ts';
import type { ResolvedFilter } from './filter.ts';
import { cacheDefaults } from './options.ts';
import type { CacheRequest } from './request.ts';
import type { CacheWorld } from './run.ts';

/** The live screen of a request, or null where lines are wanted: no terminal, --plain, --compat, another format, or a COUNT. */
export function screenFor(
  { shown, schedule, format, plain }: CacheRequest,
  context: Context,
  history: CacheHistory,
  { filter, text, notices }: ResolvedFilter,
  users: UserNames,
): CacheWorld['screen'] {
  const isLive =
    context.isTerminal &&
    !plain &&
    !shown.compat &&
    format === 'text' &&
    schedule.count === Infinity;
  if (!isLive) return null;
  return async (source, leave) => {
    // React reads it when it is loaded: its development build is several times slower.
    process.env['NODE_ENV'] ??= 'production';
    const { drawCacheScreen } = await import('../../tui/cache-screen.tsx');
    await drawCacheScreen({
      read: async () => {
        const snapshot = await source.snapshot();
        const interval = history.advance(snapshot);
        return new CacheReading(
          { interval: () => interval, session: () => history.whole(snapshot) },
          filter,
          notices,
        );
      },
      only: text,
      users,
      intervalMs: schedule.interval ?? milliseconds(cacheDefaults.intervalSeconds * 1000),
      by: shown.by ?? 'process',
      sort: shown.sort,
      reversed: shown.reverse,
      environment: context.environment,
      stage: context.stage,
      leave,
    });
  };
}
