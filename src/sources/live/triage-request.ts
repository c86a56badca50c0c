/** What a triage session looks at. */
export interface TriageSessionRequest {
  /** Processes whose segments are read, too. */
  readonly pids: readonly number[];
  /** Where /proc and /sys are: `/`, or a captured copy. */
  readonly root?: string;
  /** Milliseconds that have passed since any fixed time; the kernel's clock. */
  readonly now?: () => number;
}
