import { writeSync } from 'node:fs';
import type { ExitCode } from '../../errors/catalog.ts';
import { residency } from '../../native/residency.ts';
import { collectFiles } from '../../sources/live/files/collect.ts';
import { dieFirstWithoutMemory } from '../../system/self.ts';
import { rawArguments } from '../../system/raw-arguments.ts';
import type { Context } from '../command.ts';
import { Progress } from './progress.ts';
import type { FileCommandRequest } from './request.ts';
import { reportFiles } from './run.ts';

/** `memtrace file` in the real world. */
export async function fileCommand(
  request: FileCommandRequest,
  context: Context,
): Promise<ExitCode> {
  dieFirstWithoutMemory();
  const progress = new Progress(process.stderr.isTTY ? (text) => writeSync(2, text) : null);
  const paths = rawArguments(request.paths);
  const collected = await collectFiles(
    { ...request, paths },
    context.stop,
    progress.update,
  ).finally(() => progress.end());
  const locale =
    context.environment['LC_ALL'] || context.environment['LC_CTYPE'] || context.environment['LANG'];
  return await reportFiles(request, collected, {
    output: context.stdout,
    width: process.stdout.isTTY ? process.stdout.columns : null,
    unicode: /utf-?8/i.test(locale ?? ''),
    pageSize: residency().pageSize,
    now: Date.now,
  });
}
