import type { Residents } from '../../domain/residents.ts';
import { type ExitCode, exitCodes } from '../../errors/catalog.ts';
import { residentsJson } from '../../formats/residents-json.ts';
import { residentsText } from '../../formats/residents-text.ts';
import { readResidents } from '../../sources/live/residents/residents.ts';
import type { Context } from '../command.ts';

/** What `memtrace cache --top` was asked for. */
export interface TopRequest {
  /** How many of the largest. */
  readonly count: number;
  readonly format: 'text' | 'json';
}

/** `memtrace cache --top`: what is in the page cache now. One report, then the end. */
export async function runTop(request: TopRequest, context: Context): Promise<ExitCode> {
  const residents = await readResidents(request.count);
  await context.stdout.write(topText(request, residents, context.isTerminal));
  return exitCodes.done;
}

/** A pipe gets whole paths. */
function topText(request: TopRequest, residents: Residents, isTerminal: boolean): string {
  if (request.format === 'json') return residentsJson(residents);
  const width = isTerminal ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  return residentsText(residents, width);
}
