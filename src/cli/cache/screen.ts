import type { CacheFilter } from '../../domain/cache-filter.ts';
import type { CacheHistory } from '../../domain/cache-interval.ts';
import type { Context } from '../command.ts';
import type { CacheRequest } from './request.ts';
import type { CacheWorld } from './run.ts';

/** The live screen of a request, or null where lines are wanted: no terminal, --plain, --compat, another format, or a COUNT. */
export function screenFor(
  _request: CacheRequest,
  _context: Context,
  _history: CacheHistory,
  _filter: CacheFilter,
): CacheWorld['screen'] {
  return null;
}
