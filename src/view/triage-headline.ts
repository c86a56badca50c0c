import type { TriageReport } from '../domain/triage/report.ts';
import { severities, type Severity, type Subject } from '../domain/triage/verdict.ts';
import { severityWords } from './triage-lines.ts';

/** Before so long nothing can be said of growth. */
const growthNeedsMs = 5000;

/** The worst verdict in few words, and how many others there are: `WARNING: leak suspected, api[4121]; also 2 notes`. */
export function triageHeadline({ verdicts, span }: TriageReport): string {
  const [first, ...others] = verdicts;
  const watched = Math.floor(span / 1000);
  const early =
    span < growthNeedsMs
      ? `; ${watched} s watched, growth shows after ${growthNeedsMs / 1000} s`
      : '';
  if (first === undefined) return `too little of /proc could be read for a verdict${early}`;
  const counts = severities.flatMap((severity) =>
    countOf(severity, others.filter((each) => each.severity === severity).length),
  );
  const about = subjectText(first.subject);
  return [
    `${severityWords[first.severity]}: ${first.title}${about === '' ? '' : `, ${about}`}`,
    ...(counts.length === 0 ? [] : [`; also ${counts.join(', ')}`]),
    early,
  ].join('');
}

const nouns: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  warning: 'warning',
  note: 'note',
  ok: '',
};

function countOf(severity: Severity, count: number): string[] {
  const noun = nouns[severity];
  if (count === 0 || noun === '') return [];
  return [`${count} ${noun}${count === 1 || severity === 'critical' ? '' : 's'}`];
}

/** Whom or what a verdict is about; nothing for the machine itself. */
export function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case 'host':
      return '';
    case 'process':
      return `${subject.command}[${subject.pid}]`;
    case 'cgroup':
    case 'mount':
      return subject.path;
    case 'slab':
      return subject.name;
    case 'node':
      return `node ${subject.id}`;
  }
}
