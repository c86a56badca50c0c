import { isAsked } from './growers.ts';
import type { TriageHistory } from './history.ts';
import type { Rule } from './rule.ts';
import { healthy } from './rules/healthy.ts';
import { rules as allRules } from './rules/index.ts';
import { isWorse, severities, type Verdict } from './verdict.ts';

/**
 * What is wrong, the worst first, and `healthy` at the end where nothing worse than a note was found. Pure: the same history gives
 * the same list.
 */
export function verdicts(
  history: TriageHistory,
  rules: readonly Rule[] = allRules,
): readonly Verdict[] {
  // Of one severity, what the user asked about comes first.
  const isAbout = ({ subject }: Verdict): boolean =>
    subject.kind === 'process' && isAsked(history.latest, subject.pid);
  const found = rules
    .flatMap((rule, order) => applied(rule, history).map((verdict) => ({ verdict, order })))
    .sort(
      (a, b) =>
        severities.indexOf(a.verdict.severity) - severities.indexOf(b.verdict.severity) ||
        Number(isAbout(b.verdict)) - Number(isAbout(a.verdict)) ||
        b.verdict.weight - a.verdict.weight ||
        a.order - b.order,
    )
    .map(({ verdict }) => verdict);
  const isWell = !found.some(({ severity }) => isWorse(severity, 'note'));
  return isWell ? [...found, ...applied(healthy, history)] : found;
}

const applied = ({ code, title, mechanism, find }: Rule, history: TriageHistory): Verdict[] =>
  find(history).map((finding) => ({ ...finding, code, title, mechanism }));
