import { type Column, isRed } from './matrix.ts';
import { failures } from './table.ts';
import { troubles, type TypesCheck } from './types/check.ts';
import type { Change } from './verifier.ts';

/** A kernel that ran, or that could not be fetched. */
export type Ended = Column | { readonly name: string; readonly cannot: string };

/** What came of a run. */
export interface Outcome {
  /** How many there were to end. */
  readonly boots: number;
  readonly ended: readonly Ended[];
  /** Of kernels that are not booted; `trouble` is what kept them from being looked at. */
  readonly types: TypesCheck & { readonly trouble: string };
  readonly changes: readonly Change[];
}

export const columnsOf = ({ ended }: Outcome): Column[] =>
  ended.flatMap((each) => ('cannot' in each ? [] : [each]));

/** What could not be fetched, and why. */
export const skippedOf = ({ ended, types }: Outcome): string[] => [
  ...ended.flatMap((each) => ('cannot' in each ? [`${each.name}: ${each.cannot}`] : [])),
  ...types.skipped,
];

/** Why a run is not green, in lines; none where it is. */
export function faultsOf(
  outcome: Outcome,
  rules: {
    /** Whether what cannot be fetched is a fault. */
    readonly isFetchNeeded: boolean;
    /** Whether the table of verified instructions is written anew. */
    readonly isWritten: boolean;
  },
): string[] {
  const { boots, ended, types } = outcome;
  const columns = columnsOf(outcome);
  const unended = boots - ended.filter(Boolean).length;
  const isIdle = columns.length === 0 && types.rows.length === 0;
  return [
    ...columns
      .filter(isRed)
      .map((column) => `ON ${column.kernel.name}\n${failures(column)}`.trimEnd()),
    ...[...types.rows.flatMap(troubles), types.trouble]
      .filter(Boolean)
      .map((line) => `BY ITS TYPES ${line}`),
    ...outcome.changes
      .filter((change) => change.isRed && !rules.isWritten)
      .map(({ text }) => `IN THE VERIFIER ${text}: see why, then --write docs/verifier.json`),
    ...skippedOf(outcome).flatMap((line) => (rules.isFetchNeeded ? [`TO FETCH ${line}`] : [])),
    ...(unended > 0 ? [`TO END: ${unended} of ${boots} virtual machines`] : []),
    ...(isIdle ? ['TO RUN ANYTHING'] : []),
  ].map((line) => `FAILED ${line}`);
}
