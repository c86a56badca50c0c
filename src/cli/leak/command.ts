import type { ExitCode } from '../../errors/catalog.ts';
import { describePlan, openLeakSession } from '../../sources/live/leak-session.ts';
import { pidsByName } from '../../system/processes.ts';
import type { Context } from '../command.ts';
import { formatPrinter } from './format-printer.ts';
import type { LeakRequest } from './request.ts';
import { runLeak } from './run.ts';

export const leakCommand = (request: LeakRequest, context: Context): Promise<ExitCode> =>
  runLeak(request, {
    openSource: openLeakSession,
    describePlan,
    pidsByName,
    output: context.stdout,
    printer: formatPrinter(request),
    screen: null,
    stop: context.stop,
  });
