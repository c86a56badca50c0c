import type { TriageHistory } from '../../domain/triage/history.ts';
import { triageReport } from '../../domain/triage/report.ts';
import { milliseconds } from '../../domain/units.ts';
import { renderFailure } from '../../errors/catalog.ts';
import { Failure } from '../../errors/failure.ts';
import type { TriageScreen } from '../../tui/triage-screen.tsx';
import type { Context } from '../command.ts';
import { triageDefaults } from './options.ts';
import type { TriageRequest } from './request.ts';
import type { TriageWorld } from './run.ts';

/** The live screen of a request, or null where lines are wanted: no terminal, --plain or another format. */
export function screenFor(
  { interval, format, plain, pids }: TriageRequest,
  context: Context,
  history: TriageHistory,
): TriageWorld['screen'] {
  if (!context.isTerminal || plain || format !== 'text') return null;
  return async (source, leave) => {
    // React reads it when it is loaded: its development build is several times slower.
    process.env['NODE_ENV'] ??= 'production';
    const { drawTriageScreen } = await import('../../tui/triage-screen.tsx');
    // What traced inside the screen reported: it would be lost with the screen.
    const reports: string[] = [];
    await drawTriageScreen({
      read: async () => {
        history.add(await source.snapshot());
        return { report: triageReport(history), history };
      },
      run: runInside(context, leave, reports),
      intervalMs: interval ?? milliseconds(triageDefaults.intervalSeconds * 1000),
      about: pids[0] ?? null,
      isRoot: process.geteuid?.() === 0,
      environment: context.environment,
      stage: context.stage,
      leave,
    });
    for (const report of reports) await context.stdout.write(`${report}\n`);
  };
}

/** Runs proposed commands inside the screen: each draws on its stage, and what it prints is collected. */
const runInside =
  (context: Context, leave: AbortSignal, reports: string[]): TriageScreen['run'] =>
  async ({ argv }, stage, stop) => {
    let printed = '';
    let hasScreen = false;
    const show: typeof stage.show = async (screen) => {
      hasScreen = true;
      await stage.show(screen);
    };
    const write = async (text: string) => {
      printed += text;
      return true;
    };
    try {
      await context.invoke(argv.slice(1), {
        ...context,
        stdout: { write },
        stage: { show },
        stop: AbortSignal.any([context.stop, leave, stop]),
      });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      printed += renderFailure(error);
    }
    if (hasScreen) reports.push(printed);
    return printed;
  };
