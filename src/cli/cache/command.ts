import { CacheHistory } from '../../domain/cache-interval.ts';
import type { ExitCode } from '../../errors/catalog.ts';
import { exitCodes } from '../../errors/catalog.ts';
import { openCacheSession } from '../../sources/live/cache-session.ts';
import { allExited } from '../../sources/live/liveness.ts';
import { dieFirstWithoutMemory } from '../../system/self.ts';
import { readUsers } from '../../system/users.ts';
import type { Context } from '../command.ts';
import { explanation } from './explain.ts';
import { resolveFilter } from './filter.ts';
import { formatPrinter } from './printer.ts';
import type { CacheRequest } from './request.ts';
import { runCache } from './run.ts';
import { screenFor } from './screen.ts';

/** `memtrace cache` in the real world. */
export async function cacheCommand(request: CacheRequest, context: Context): Promise<ExitCode> {
  if (request.explain) {
    await context.stdout.write(explanation());
    return exitCodes.done;
  }
  return await watchCache(request, context);
}

async function watchCache(request: CacheRequest, context: Context): Promise<ExitCode> {
  const resolved = await resolveFilter(request.only);
  const users = await readUsers();
  const history = new CacheHistory();
  dieFirstWithoutMemory();
  const over = new AbortController();
  const { pids } = request.only;
  try {
    return await runCache(request, {
      openSource: openCacheSession,
      output: context.stdout,
      printer: formatPrinter(request, resolved, users),
      history,
      screen: screenFor(request, context, history, resolved, users),
      ended: pids.length === 0 ? new Promise(() => {}) : allExited(pids, over.signal),
      stop: context.stop,
    });
  } finally {
    over.abort();
  }
}
