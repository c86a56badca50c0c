import type { CacheHistory } from '../../domain/cache-interval.ts';
import type { CacheSnapshot } from '../../domain/cache-snapshot.ts';
import { milliseconds } from '../../domain/units.ts';
import { type ExitCode, exitCodes } from '../../errors/catalog.ts';
import { Failure } from '../../errors/failure.ts';
import type { CacheSessionRequest } from '../../sources/live/cache-request.ts';
import type { CacheSource } from '../../sources/source.ts';
import type { Output } from '../output.ts';
import { Pace } from '../pace.ts';
import { cacheDefaults } from './options.ts';
import type { CachePrinter } from './printer.ts';
import type { CacheRequest } from './request.ts';

/** What a run needs of the world; tests give a synthetic one. */
export interface CacheWorld {
  readonly openSource: (request: CacheSessionRequest) => Promise<CacheSource>;
  readonly output: Output;
  readonly printer: CachePrinter;
  /** Of the session: the screen's, too. */
  readonly history: CacheHistory;
  /** The live screen, where there is one to draw on; resolves when it was left and the terminal is as before. */
  readonly screen: ((source: CacheSource, leave: AbortSignal) => Promise<void>) | null;
  /** Resolves when the processes that a report is confined to have all exited. */
  readonly ended: Promise<void>;
  /** Aborted when the user asks to end: detach, report, exit. */
  readonly stop: AbortSignal;
}

type Ending = 'all-reports' | 'ended' | 'nobody-reads';

/** Runs `memtrace cache` from the first line to the last. Throws failures. */
export async function runCache(request: CacheRequest, world: CacheWorld): Promise<ExitCode> {
  const source = await world.openSource(request.session);
  const pace = new Pace(world.stop, world.ended, request.schedule.duration);
  try {
    const run = { request, world, source, pace };
    const ending = await (world.screen ? drawScreen(run, world.screen) : writeReports(run));
    const closed = await source.close();
    const last = pace.over === 'target-ended' ? withoutTargets(closed) : closed;
    world.history.advance(last);
    if (ending !== 'nobody-reads')
      await world.output.write(world.printer.last(world.history.whole(last), ending));
    const lost = last.losses.filter(({ count }) => count > 0);
    if (request.strict && lost.length > 0) {
      throw new Failure('lossy-report', {
        command: 'cache',
        losses: lost.map(({ count, reason }) => `${count} × ${reason}`),
      });
    }
    return exitCodes.done;
  } finally {
    pace.dispose();
    await source.close();
  }
}

const withoutTargets = (last: CacheSnapshot): CacheSnapshot => ({
  ...last,
  notices: [...last.notices, { code: 'targets-exited', text: 'what --pid named has exited' }],
});

interface Run {
  readonly request: CacheRequest;
  readonly world: CacheWorld;
  readonly source: CacheSource;
  readonly pace: Pace;
}

async function drawScreen(
  { pace, source }: Run,
  screen: NonNullable<CacheWorld['screen']>,
): Promise<Ending> {
  const leave = new AbortController();
  const left = screen(source, leave.signal);
  await pace.during(left);
  leave.abort();
  // Before the screen is gone: the terminal may be.
  await source.close();
  await left;
  return 'ended';
}

/** Writes a report at each interval until the run is over. */
async function writeReports({ request, source, pace, world }: Run): Promise<Ending> {
  const { schedule } = request;
  const interval = schedule.interval ?? milliseconds(cacheDefaults.intervalSeconds * 1000);
  const write = async (text: string) => await pace.during(world.output.write(text));
  // For what it says of the mode: the first interval begins with the session.
  const first = await pace.during(source.snapshot());
  if (!first) return 'ended';
  if ((await write(world.printer.opening(first, interval))) === false) return 'nobody-reads';
  for (let left = schedule.count; left > 0; left--) {
    await pace.sleep(pace.untilTick(interval));
    if (pace.over) return 'ended';
    const snapshot = await pace.during(source.snapshot());
    if (!snapshot) return 'ended';
    const isRead = await write(world.printer.report(world.history.advance(snapshot)));
    if (isRead === false) return 'nobody-reads';
  }
  return 'all-reports';
}
