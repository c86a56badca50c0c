/** From the worst to what needs nothing done. */
export const severities = ['critical', 'warning', 'note', 'ok'] as const;
export type Severity = (typeof severities)[number];

/** What a verdict is about. */
export type Subject =
  | { readonly kind: 'host' }
  | {
      readonly kind: 'process';
      /** Of ProcessUse. */
      readonly id: string;
      readonly pid: number;
      readonly command: string;
    }
  | { readonly kind: 'cgroup'; readonly path: string }
  | { readonly kind: 'slab'; readonly name: string }
  | { readonly kind: 'mount'; readonly path: string }
  | { readonly kind: 'node'; readonly id: number };

/** A number that a verdict rests on. `text`: as it is shown; `value`: for programs, in `unit`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit:
    | 'bytes'
    | 'bytes/s'
    | 'pages/s'
    | 'events/s'
    | 'events'
    | 'percent'
    | 'ms'
    | 'count';
  readonly text: string;
}

/** How it comes about, in our own words, and where the kernel's documentation says it. */
export interface Mechanism {
  readonly text: string;
  readonly source: string;
}

/** What to run next: the words as they are typed, without sudo. */
export interface NextCommand {
  readonly argv: readonly string[];
  /** What it will show. */
  readonly does: string;
  /** Whether it needs root. */
  readonly needsRoot: boolean;
}

/** What a rule found. */
export interface Finding {
  readonly severity: Severity;
  readonly subject: Subject;
  /** One plain sentence, with its full stop. */
  readonly sentence: string;
  readonly figures: readonly Figure[];
  /** What would show that it is not so: one sentence. */
  readonly refutedBy: string;
  readonly next: NextCommand | null;
  /** Orders verdicts of one severity, largest first: 0 to 1, how much of the machine or the limit it is about. */
  readonly weight: number;
}

/** A finding with what its rule is. */
export interface Verdict extends Finding {
  /** Stable word for scripts: the rule's. */
  readonly code: string;
  /** The verdict in a few words, for a headline: `leak suspected`. */
  readonly title: string;
  readonly mechanism: Mechanism;
}

export const isWorse = (a: Severity, b: Severity): boolean =>
  severities.indexOf(a) < severities.indexOf(b);
