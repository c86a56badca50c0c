import { TriageHistory } from '../../domain/triage/history.ts';
import type { TriageReport } from '../../domain/triage/report.ts';
import { type ExitCode, exitCodes } from '../../errors/catalog.ts';
import type { TriageLayout } from '../../formats/triage/format.ts';
import { triageFormats } from '../../formats/triage/index.ts';
import { openTriageSession } from '../../sources/live/triage-session.ts';
import { dieFirstWithoutMemory } from '../../system/self.ts';
import type { Context } from '../command.ts';
import { triageExplanation } from './explain.ts';
import { WatchProgress } from './progress.ts';
import type { TriageRequest } from './request.ts';
import { screenFor } from './screen.ts';
import { runTriage, triageSchedule } from './run.ts';

/** `memtrace` and `memtrace triage` in the real world. */
export async function triageCommand(request: TriageRequest, context: Context): Promise<ExitCode> {
  if (request.explain) {
    await context.stdout.write(triageExplanation());
    return exitCodes.done;
  }
  dieFirstWithoutMemory();
  const history = new TriageHistory(triageSchedule(request).samples);
  const { stderr } = process;
  const progress = new WatchProgress(stderr.isTTY ? (text) => stderr.write(text) : null);
  return await runTriage(request, {
    openSource: openTriageSession,
    output: context.stdout,
    print: (report: TriageReport) => {
      progress.end();
      return triageFormats[request.format](report, layout());
    },
    history,
    screen: screenFor(request, context, history),
    progress: progress.update,
    stop: context.stop,
  });
}

/** Piped, it is as on the smallest usual terminal, but wide enough for a line to stay one. */
function layout(): TriageLayout {
  const { columns, rows } = process.stdout;
  return {
    width: Math.max(60, columns ?? 100),
    height: rows ?? 24,
    isRoot: process.geteuid?.() === 0,
    unicode: false,
  };
}
