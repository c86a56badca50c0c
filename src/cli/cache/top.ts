import { type ExitCode, exitCodes } from '../../errors/catalog.ts';
import { cgroupResidentsJson, cgroupResidentsText } from '../../formats/cgroup-residents.ts';
import { residentsJson } from '../../formats/residents-json.ts';
import { residentsText } from '../../formats/residents-text.ts';
import { readCgroupResidents } from '../../sources/live/residents/cgroup-residents.ts';
import { readResidents } from '../../sources/live/residents/residents.ts';
import type { Context } from '../command.ts';
import type { TopRequest } from './top-request.ts';

/** `memtrace cache --top`: what is in the page cache now. One report, then the end. */
export async function runTop(request: TopRequest, context: Context): Promise<ExitCode> {
  const report = request.by === 'cgroup' ? await groups(request) : await files(request);
  // A pipe gets whole paths.
  const width = context.isTerminal ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  await context.stdout.write(report(width));
  return exitCodes.done;
}

async function files({ count, format }: TopRequest): Promise<(width: number) => string> {
  const residents = await readResidents(count);
  return (width) =>
    format === 'json' ? residentsJson(residents) : residentsText(residents, width);
}

async function groups({ count, format }: TopRequest): Promise<(width: number) => string> {
  const residents = await readCgroupResidents(count);
  return (width) =>
    format === 'json' ? cgroupResidentsJson(residents) : cgroupResidentsText(residents, width);
}
