import type { TriageHistory } from './history.ts';
import type { Finding, Mechanism } from './verdict.ts';

/** One thing that can be wrong with a machine's memory, or right. */
export interface Rule {
  /** Stable word for scripts. */
  readonly code: string;
  readonly title: string;
  readonly mechanism: Mechanism;
  /** What it finds in the latest window; nothing: an empty list. */
  readonly find: (history: TriageHistory) => readonly Finding[];
}
