import type { TriageHistory } from '../../domain/triage/history.ts';
import { type TriageReport, triageReport } from '../../domain/triage/report.ts';
import type { TriageSnapshot } from '../../domain/triage/snapshot.ts';
import type { Severity } from '../../domain/triage/verdict.ts';
import { milliseconds, type Milliseconds } from '../../domain/units.ts';
import { type ExitCode, exitCodes } from '../../errors/catalog.ts';
import type { TriageSessionRequest } from '../../sources/live/triage-request.ts';
import type { TriageSource } from '../../sources/source.ts';
import type { Output } from '../output.ts';
import { Pace } from '../pace.ts';
import { triageDefaults } from './options.ts';
import type { TriageRequest } from './request.ts';

/** What a run needs of the world; tests give a synthetic one. */
export interface TriageWorld {
  readonly openSource: (request: TriageSessionRequest) => Promise<TriageSource>;
  readonly output: Output;
  readonly print: (report: TriageReport) => string;
  /** Of the session: the screen's, too. */
  readonly history: TriageHistory;
  /** The live screen, where there is one to draw on; resolves when it was left and the terminal is as before. */
  readonly screen: ((source: TriageSource, leave: AbortSignal) => Promise<void>) | null;
  /** Told how much of the time is over. */
  readonly progress: (watched: Milliseconds, of: Milliseconds) => void;
  /** Aborted when the user asks to end: report, exit. */
  readonly stop: AbortSignal;
}

/** Snapshots that a history keeps, at least; those of a longer run are further apart. */
const samplesOfLongRuns = 60;
/** More are not kept, where --interval asks for them. */
const mostSamples = 600;

/** How a run without a screen goes. */
export function triageSchedule({ interval, duration }: TriageRequest): {
  readonly interval: Milliseconds;
  readonly duration: Milliseconds;
  readonly samples: number;
} {
  const whole = duration ?? milliseconds(triageDefaults.durationSeconds * 1000);
  const usual = Math.max(triageDefaults.intervalSeconds * 1000, whole / samplesOfLongRuns);
  const step = milliseconds(interval ?? usual);
  const samples = Math.min(mostSamples, Math.ceil(whole / step) + 1);
  return { interval: step, duration: whole, samples: Math.max(samplesOfLongRuns, samples) };
}

/** Runs `memtrace triage`. Throws failures. */
export async function runTriage(request: TriageRequest, world: TriageWorld): Promise<ExitCode> {
  const source = await world.openSource({ pids: request.pids });
  const { duration } = triageSchedule(request);
  const limit = world.screen === null ? duration : (request.duration ?? Infinity);
  const pace = new Pace(world.stop, new Promise(() => {}), milliseconds(limit));
  try {
    if (world.screen === null) await watch(request, world, source, pace);
    else await drawScreen(world.screen, source, pace);
    addLast(world.history, await source.close(), triageSchedule(request).interval);
    const report = triageReport(world.history);
    await world.output.write(world.print(report));
    return request.strict ? strictCode(report) : exitCodes.done;
  } finally {
    pace.dispose();
    await source.close();
  }
}

/** A look just after another one would count as a step of its own, in which nothing has moved. */
function addLast(history: TriageHistory, last: TriageSnapshot, interval: Milliseconds): void {
  const before = history.snapshots.at(-1);
  if (before === undefined || last.elapsed - before.elapsed > interval / 2) history.add(last);
}

async function watch(
  request: TriageRequest,
  { history, progress }: TriageWorld,
  source: TriageSource,
  pace: Pace,
): Promise<void> {
  const { interval, duration } = triageSchedule(request);
  while (pace.over === null) {
    const snapshot = await source.snapshot();
    history.add(snapshot);
    progress(snapshot.elapsed, duration);
    // A last look is had when the source is closed.
    if (snapshot.elapsed + interval / 2 >= duration) await pace.sleep(duration);
    else await pace.sleep(pace.untilTick(interval));
  }
}

async function drawScreen(
  screen: NonNullable<TriageWorld['screen']>,
  source: TriageSource,
  pace: Pace,
): Promise<void> {
  const leave = new AbortController();
  const left = screen(source, leave.signal);
  await pace.during(left);
  leave.abort();
  await left;
}

const codes: Readonly<Record<Severity, ExitCode>> = {
  critical: exitCodes.critical,
  warning: exitCodes.limitExceeded,
  note: exitCodes.done,
  ok: exitCodes.done,
};

const strictCode = ({ verdicts }: TriageReport): ExitCode => codes[verdicts[0]?.severity ?? 'ok'];
