import type { Milliseconds } from '../../domain/units.ts';
import type { TriageFormatName } from '../../formats/triage/format.ts';

/** What `memtrace` or `memtrace triage` was asked for. */
export interface TriageRequest {
  readonly pids: readonly number[];
  /** null: the default of the output that is chosen. */
  readonly interval: Milliseconds | null;
  readonly duration: Milliseconds | null;
  readonly format: TriageFormatName;
  readonly plain: boolean;
  readonly strict: boolean;
  /** Print what the verdicts mean, and end. */
  readonly explain: boolean;
}
