import { fileReport } from '../../domain/file-report.ts';
import type { Refusal } from '../../domain/file-residency.ts';
import { type ExitCode, exitCodes, explain } from '../../errors/catalog.ts';
import { Failure } from '../../errors/failure.ts';
import { fileFormats } from '../../formats/file/index.ts';
import { failureOf } from '../../formats/file/refusal.ts';
import type { Collected } from '../../sources/live/files/collect.ts';
import type { Output } from '../output.ts';
import { terminalRows } from './options.ts';
import type { FileCommandRequest } from './request.ts';

/** Where a report goes, and what is known of the machine. */
export interface FileWorld {
  readonly output: Output;
  /** Columns of the terminal, or null where there is none. */
  readonly width: number | null;
  readonly unicode: boolean;
  /** Bytes. */
  readonly pageSize: number;
  readonly now: () => number;
}

/** Prints what was found; the exit code. Errors: Failure `files-left-out`, and that of the only path where it is refused. */
export async function reportFiles(
  request: FileCommandRequest,
  collected: Collected,
  world: FileWorld,
): Promise<ExitCode> {
  const { files, refusals, searched } = collected;
  const [refusal] = refusals;
  if (request.format === 'text' && files.length === 0 && refusals.length === 1 && refusal?.named) {
    throw failureOf(refusal);
  }
  const width = request.plain || request.format === 'json' ? null : world.width;
  const report = fileReport(files, refusals, {
    sort: request.sort ?? (searched ? 'cached' : 'given'),
    top: request.top ?? (searched && width !== null ? terminalRows : Number.POSITIVE_INFINITY),
  });
  const format = fileFormats[request.format];
  const opening = { ...collected, at: world.now(), pageSize: world.pageSize };
  await world.output.write(format(report, opening, { width, unicode: world.unicode }));
  if (request.strict && (refusals.length > 0 || collected.incomplete)) {
    throw new Failure('files-left-out', { count: refusals.length });
  }
  return exitCodeOf(refusals);
}

/** Of the paths that the user named: a missing privilege comes first, since others may follow from it. */
function exitCodeOf(refusals: readonly Refusal[]): ExitCode {
  const codes = refusals
    .filter(({ named }) => named)
    .map((refusal) => explain(failureOf(refusal)).exitCode);
  return codes.includes(exitCodes.noPrivilege)
    ? exitCodes.noPrivilege
    : (codes[0] ?? exitCodes.done);
}
