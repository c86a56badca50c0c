import { type Diagnosis, type DiagnosisRow, exitCodeOf } from './diagnosis.ts';

const words = { ready: 'ok', lacking: 'lacks', broken: 'BROKEN' } as const;

const lines = ({ name, state, found, remedy }: DiagnosisRow): string[] => [
  ` ${name.padEnd(21)} ${words[state].padEnd(7)} ${found}`,
  ...(remedy === null ? [] : [`${' '.repeat(31)}remedy: ${remedy}`]),
];

/** The table, as text. */
export const diagnosisText = (diagnoses: readonly Diagnosis[]): string =>
  [
    ...diagnoses.flatMap(({ pid, rows }) => [
      pid === null ? 'THIS HOST' : `PROCESS ${pid}`,
      ...rows.flatMap(lines),
      '',
    ]),
    exitCodeOf(diagnoses) === 0
      ? 'memtrace leak can run.'
      : 'memtrace leak cannot run: see BROKEN above.',
    '',
  ].join('\n');

/** The same as one JSON object on a line. */
export const diagnosisJson = (diagnoses: readonly Diagnosis[], version: string): string => {
  const exitCode = exitCodeOf(diagnoses);
  return `${JSON.stringify({ v: 1, type: 'doctor', memtrace: version, ready: exitCode === 0, exitCode, diagnoses })}\n`;
};
