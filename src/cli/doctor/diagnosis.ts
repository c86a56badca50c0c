import { askDoctor, type ExitCode, exitCodes, explain } from '../../errors/catalog.ts';
import type { Finding } from '../../sources/live/doctor/check.ts';

/** One finding as it is shown; `remedy` is null where nothing is to be done. */
export interface DiagnosisRow {
  readonly name: string;
  readonly state: Finding['state'];
  readonly found: string;
  readonly remedy: string | null;
  /** Of a check that is broken: what leak would exit with. */
  readonly exitCode: ExitCode;
  /** The code of the failure, of a check that is broken or found one. */
  readonly failure: string | null;
}

/** What the doctor found, on the host, in one process, or of its own figures. */
export interface Diagnosis {
  /** Null: no process. */
  readonly pid: number | null;
  /** Whether these are figures measured of a workload that is known. */
  readonly isSelfTest?: true;
  readonly rows: readonly DiagnosisRow[];
}

export const diagnosisRow = (name: string, finding: Finding): DiagnosisRow => {
  const { state } = finding;
  if (!('failure' in finding)) {
    const { found, remedy = null } = finding;
    return { name, state, found, remedy, exitCode: exitCodes.done, failure: null };
  }
  const { message, remedy, exitCode } = explain(finding.failure);
  return {
    name,
    state,
    found: message,
    remedy: remedy === askDoctor ? null : remedy,
    exitCode: state === 'broken' ? exitCode : exitCodes.done,
    failure: finding.failure.code,
  };
};

/** Whether all is well, as an exit code: a missing privilege comes first, for it breaks other checks too. */
export const exitCodeOf = (diagnoses: readonly Diagnosis[]): ExitCode => {
  const codes = diagnoses.flatMap(({ rows }) => rows.map(({ exitCode }) => exitCode));
  const broken = codes.filter((code) => code !== exitCodes.done);
  return broken.includes(exitCodes.noPrivilege)
    ? exitCodes.noPrivilege
    : (broken[0] ?? exitCodes.done);
};
