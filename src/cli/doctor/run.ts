import type { ExitCode } from '../../errors/catalog.ts';
import { hostChecks, targetChecks } from '../../sources/live/doctor/index.ts';
import { tryLinks } from '../../sources/live/doctor/links.ts';
import { readKernelFacts } from '../../system/kernel-facts.ts';
import type { Context } from '../command.ts';
import { type Diagnosis, type DiagnosisRow, diagnosisRow, exitCodeOf } from './diagnosis.ts';
import { diagnosisJson, diagnosisText } from './print.ts';
import type { DoctorRequest } from './request.ts';
import { testFigures } from './self-test.ts';

/** Runs every check, each on its own, and says what was found. */
export async function runDoctor(request: DoctorRequest, context: Context): Promise<ExitCode> {
  const diagnoses = [await examineHost()];
  for (const pid of request.pids) diagnoses.push(await examineProcess(pid));
  if (request.selfTest) diagnoses.push(await testFigures());
  const text =
    request.format === 'json'
      ? diagnosisJson(diagnoses, context.version)
      : diagnosisText(diagnoses);
  await context.stdout.write(text);
  return exitCodeOf(diagnoses);
}

async function examineHost(): Promise<Diagnosis> {
  const kernel = await readKernelFacts();
  let trials: ReturnType<typeof tryLinks> | undefined;
  const links = () => (trials ??= tryLinks());
  const rows: DiagnosisRow[] = [];
  for (const { name, look } of hostChecks)
    rows.push(diagnosisRow(name, await look({ kernel, links })));
  return { pid: null, rows };
}

async function examineProcess(pid: number): Promise<Diagnosis> {
  const rows: DiagnosisRow[] = [];
  for (const { name, look } of targetChecks) {
    rows.push(diagnosisRow(name, await look(pid)));
    // What cannot be traced cannot be looked into either.
    if (rows.at(-1)?.state === 'broken') break;
  }
  return { pid, rows };
}
