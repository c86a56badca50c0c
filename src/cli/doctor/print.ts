import { type Diagnosis, type DiagnosisRow, exitCodeOf } from './diagnosis.ts';

const words = { ready: 'ok', lacking: 'lacks', broken: 'BROKEN' } as const;

const lines = ({ name, state, found, remedy }: DiagnosisRow): string[] => [
  ` ${name.padEnd(21)} ${words[state].padEnd(7)} ${found}`,
  ...(remedy === null ? [] : [`${' '.repeat(31)}remedy: ${remedy}`]),
];

const title = ({ pid, isSelfTest }: Diagnosis): string =>
  isSelfTest === true ? 'SELF-TEST' : pid === null ? 'THIS HOST' : `PROCESS ${pid}`;

/** The table, as text. */
export const diagnosisText = (diagnoses: readonly Diagnosis[]): string => {
  const ofLeak = diagnoses.filter(({ isSelfTest }) => isSelfTest !== true);
  const ofFigures = diagnoses.filter(({ isSelfTest }) => isSelfTest === true);
  return [
    ...diagnoses.flatMap((each) => [title(each), ...each.rows.flatMap(lines), '']),
    exitCodeOf(ofLeak) === 0
      ? 'memtrace leak can run.'
      : 'memtrace leak cannot run: see BROKEN above.',
    ...(exitCodeOf(ofFigures) === 0
      ? []
      : ['memtrace cache does not measure what is: see BROKEN above.']),
    '',
  ].join('\n');
};

/** The same as one JSON object on a line. */
export const diagnosisJson = (diagnoses: readonly Diagnosis[], version: string): string => {
  const exitCode = exitCodeOf(diagnoses);
  return `${JSON.stringify({ v: 1, type: 'doctor', memtrace: version, ready: exitCode === 0, exitCode, diagnoses })}\n`;
};
