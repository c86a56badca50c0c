import type { LeakSnapshot } from '../../domain/leak-snapshot.ts';
import { type Milliseconds, milliseconds } from '../../domain/units.ts';
import { type ExitCode, exitCodes } from '../../errors/catalog.ts';
import { Failure } from '../../errors/failure.ts';
import type { LeakSessionRequest, SessionPlan } from '../../sources/live/request.ts';
import type { LeakSource } from '../../sources/source.ts';
import type { Output } from '../output.ts';
import { leakDefaults } from './options.ts';
import { Pace } from '../pace.ts';
import type { LeakPrinter } from './printer.ts';
import type { LeakRequest } from './request.ts';
import { resolveTarget } from './target.ts';

/** What a run needs of the world; tests give a synthetic one. */
export interface LeakWorld {
  readonly openSource: (request: LeakSessionRequest) => Promise<LeakSource>;
  readonly describePlan: (request: LeakSessionRequest) => Promise<SessionPlan>;
  readonly pidsByName: (name: string) => Promise<readonly number[]>;
  readonly output: Output;
  readonly printer: LeakPrinter;
  /** The live screen, where there is one to draw on; resolves when it was left and the terminal is as before. */
  readonly screen: ((source: LeakSource, leave: AbortSignal) => Promise<void>) | null;
  /** Aborted when the user asks to end: detach, report, exit. */
  readonly stop: AbortSignal;
}

/** Runs `memtrace leak` from the first line to the last. Throws failures. */
export async function runLeak(request: LeakRequest, world: LeakWorld): Promise<ExitCode> {
  const target = await resolveTarget(request.target, world.pidsByName);
  const session: LeakSessionRequest = { target, ...request.session };
  if (request.dryRun) {
    const plan = await world.describePlan(session);
    await world.output.write(world.printer.plan(plan, session));
    return exitCodes.done;
  }
  const source = await world.openSource(session);
  const pace = new Pace(world.stop, source.ended, request.schedule.duration);
  let last: LeakSnapshot;
  try {
    const print = printInOrder(world, source);
    const run = { request, session, world, source, pace, print };
    const isReportDue = await (world.screen ? drawScreen(run, world.screen) : writeReports(run));
    last = await source.close({ blocks: wantsBlocks(request) });
    if (isReportDue) await print(last);
  } finally {
    pace.dispose();
    await source.close();
    source.release();
  }
  const lost = last.losses.filter(({ count }) => count > 0);
  if (request.strict && lost.length > 0) {
    throw new Failure('lossy-report', {
      command: 'leak',
      losses: lost.map(({ count, reason }) => `${count} × ${reason}`),
    });
  }
  return exitCodes.done;
}

interface Run {
  readonly request: LeakRequest;
  readonly session: LeakSessionRequest;
  readonly world: LeakWorld;
  readonly source: LeakSource;
  readonly pace: Pace;
  readonly print: Print;
}

const wantsBlocks = ({ report }: LeakRequest): boolean =>
  !report.combinedOnly && (report.showBlocks || report.olderThan > 0);

/** Writes a report; false when nobody reads any more. */
type Print = (snapshot: LeakSnapshot) => Promise<boolean>;

/** One after the other: the last report waits for the one that was being written when the run ended. */
function printInOrder({ output, printer }: LeakWorld, source: LeakSource): Print {
  let before: Promise<unknown> = Promise.resolve();
  return (snapshot) => {
    const printed = before.then(async () => output.write(await printer.report(snapshot, source)));
    before = printed.catch(() => {});
    return printed;
  };
}

async function drawScreen(
  { pace, request, source }: Run,
  screen: NonNullable<LeakWorld['screen']>,
): Promise<boolean> {
  const leave = new AbortController();
  const left = screen(source, leave.signal);
  await pace.during(left);
  leave.abort();
  // Before the screen is gone: the terminal may be.
  await source.close({ blocks: wantsBlocks(request) });
  await left;
  return true;
}

/** Writes a report at each interval until the run is over; whether a last one is due. */
async function writeReports(run: Run): Promise<boolean> {
  const { request, session, source, pace, world, print } = run;
  const { schedule } = request;
  const interval = schedule.interval ?? milliseconds(leakDefaults.intervalSeconds * 1000);
  if ((await pace.during(world.output.write(world.printer.opening(session)))) === false)
    return false;
  for (let left = schedule.count; left > 0; left--) {
    if (!session.trace) await pace.sleep(pace.untilTick(interval));
    else if (!(await writeEvents(run, schedule.interval))) return false;
    if (pace.over) return true;
    const snapshot = await pace.during(source.snapshot({ blocks: wantsBlocks(request) }));
    if (!snapshot) return true;
    if ((await pace.during(print(snapshot))) === false) return false;
  }
  return false;
}

/** Longest single wait for events: bounds how late the end of the run is noticed. */
const eventWaitMs = 100;

/** Writes events as they come until the next report is due; false when nobody reads any more. */
async function writeEvents(
  { pace, source, world }: Run,
  interval: Milliseconds | null,
): Promise<boolean> {
  const due = performance.now() + (interval === null ? Infinity : pace.untilTick(interval));
  const next = async (waitMs: number) => {
    const events = await source.trace(waitMs);
    const write = async () => await world.output.write(world.printer.events(events));
    const isRead = events.length === 0 || (await pace.during(write())) !== false;
    return { isRead, isEmpty: events.length === 0 };
  };
  for (let now = performance.now(); now < due && !pace.over; now = performance.now()) {
    if (!(await next(Math.min(eventWaitMs, due - now))).isRead) return false;
  }
  // What the target did last is the most interesting; nothing is left to detach from.
  for (let isEmpty = pace.over !== 'target-ended'; !isEmpty;) {
    const batch = await next(0);
    if (!batch.isRead) return false;
    isEmpty = batch.isEmpty;
  }
  return true;
}
