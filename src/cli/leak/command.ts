import type { ExitCode } from '../../errors/catalog.ts';
import { History } from '../../domain/history.ts';
import { describePlan, openLeakSession } from '../../sources/live/leak-session.ts';
import { pidsByName } from '../../system/processes.ts';
import { dieFirstWithoutMemory } from '../../system/self.ts';
import type { Context } from '../command.ts';
import { formatPrinter } from './format-printer.ts';
import type { LeakRequest } from './request.ts';
import { runLeak } from './run.ts';
import { screenFor } from './screen.ts';

/** `memtrace leak` in the real world. */
export const leakCommand = (request: LeakRequest, context: Context): Promise<ExitCode> => {
  const history = new History();
  return runLeak(request, {
    openSource: async (session) => {
      const source = await openLeakSession(session);
      // Not before: a command that was started would inherit it.
      dieFirstWithoutMemory();
      return source;
    },
    describePlan,
    pidsByName,
    output: context.stdout,
    printer: formatPrinter(request, history),
    screen: screenFor(request, context, history),
    stop: context.stop,
  });
};
