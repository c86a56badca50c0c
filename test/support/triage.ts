import { runMemtrace } from './memtrace.ts';

/** A verdict as `memtrace triage --format json` has it: docs/triage.schema.json. */
export interface Found {
  readonly code: string;
  readonly severity: string;
  readonly subject: {
    readonly kind: string;
    readonly pid?: number;
    readonly path?: string;
    readonly name?: string;
  };
  readonly sentence: string;
  readonly next: { readonly argv: readonly string[] } | null;
}

/** The verdicts of so many seconds, the worst first. */
export async function verdictsOf(seconds: number): Promise<readonly Found[]> {
  const { code, stdout, stderr } = await runMemtrace([
    'triage',
    '--format',
    'json',
    '--duration',
    `${seconds}s`,
  ]);
  if (code !== 0) throw new Error(`memtrace triage ended with ${code}; it said:\n${stderr}`);
  return (JSON.parse(stdout) as { verdicts: readonly Found[] }).verdicts;
}

/** Whom a situation is about: what other processes and groups of a shared machine do is not of it. */
export interface Parties {
  readonly pids?: readonly number[];
  readonly paths?: readonly string[];
}

/**
 * The verdicts without those on strangers, and without what the machine has anyway, `usual`, but for `wanted`. Refaults of the whole
 * machine are strangers', too: those that a test makes are of its group.
 */
export function concerning(
  verdicts: readonly Found[],
  { pids = [], paths = [] }: Parties,
  usual: readonly Found[],
  wanted: string,
): readonly Found[] {
  const isUsual = ({ code, subject }: Found) =>
    (code === 'cache-thrash' && subject.kind === 'host') ||
    usual.some((each) => each.code === code && each.subject.kind === subject.kind);
  return verdicts.filter((verdict) => {
    const { code, subject } = verdict;
    if (subject.pid !== undefined) return pids.includes(subject.pid);
    if (subject.path !== undefined) return paths.includes(subject.path);
    return code === wanted || !isUsual(verdict);
  });
}
