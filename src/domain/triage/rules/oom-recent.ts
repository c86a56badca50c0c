import { countFigure, sizeFigure, timeFigure, timeWords } from '../figures.ts';
import type { TriageHistory } from '../history.ts';
import { leakOf, segmentsOf, watchLonger } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { OomKill } from '../snapshot.ts';
import type { Finding, NextCommand, Severity, Subject } from '../verdict.ts';
import { likeliestVictim } from '../victims.ts';

const minuteMs = 60_000;
const freshMs = 3 * minuteMs;

/** The OOM killer has killed: while it was watched, or not long ago by the kernel log. */
export const oomRecent: Rule = {
  code: 'oom-recent',
  title: 'OOM kill',
  mechanism: {
    text: 'When memory is asked for and neither the machine nor the limit of a control group leaves any that could be reclaimed, the kernel kills the process that would free most: resident memory, swap and page tables count, shifted by oom_score_adj. How much CPU time it has used, or how much it has only reserved, does not matter.',
    source:
      'Documentation/filesystems/proc.rst (oom_score_adj), Documentation/admin-guide/cgroup-v2.rst (memory.events)',
  },
  find: (history) => {
    const killed = history.latest.oomKills.at(-1);
    const isLogged = killed !== undefined && killed.age <= 24 * 60 * minuteMs;
    const groups = killedIn(history);
    const counted = Math.max(
      history.counted('oomKills') ?? 0,
      groups.reduce((n, g) => n + g.kills, 0),
    );
    if (isLogged) return [logged(history, killed, counted)];
    if (counted > 0) return [inWindow(history, counted, groups.at(-1)?.path ?? null)];
    return [];
  },
};

/** Groups whose count of kills rose, the deepest last. */
function killedIn({ first, latest }: TriageHistory): readonly { path: string; kills: number }[] {
  const before = new Map(first.cgroups.map(({ path, oomKills }) => [path, oomKills ?? 0]));
  return latest.cgroups
    .map(({ path, oomKills }) => ({ path, kills: (oomKills ?? 0) - (before.get(path) ?? 0) }))
    .filter(({ path, kills }) => kills > 0 && before.has(path))
    .sort((a, b) => a.path.length - b.path.length);
}

function logged(history: TriageHistory, killed: OomKill, counted: number): Finding {
  const { cgroup } = killed;
  const why =
    cgroup === null
      ? 'the machine had no memory left'
      : cgroup === ''
        ? 'the limit of its control group was reached'
        : `the limit of ${cgroup} was reached`;
  return {
    severity: severityOf(killed.age),
    subject: subjectOf(cgroup),
    sentence: `The kernel killed ${killed.command}[${killed.pid}] ${timeWords(killed.age)} ago: ${why}.`,
    figures: [
      timeFigure('ago', killed.age),
      ...(killed.anonymous === null ? [] : [sizeFigure('its own memory', killed.anonymous)]),
      countFigure('kills in the log', history.latest.oomKills.length),
      ...(counted > 0 ? [countFigure('kills while watched', counted)] : []),
    ],
    refutedBy: 'The limit was raised, or what was killed has been mended, since then.',
    next: nextFor(history, killed.command, cgroup),
    // What goes on now comes first.
    weight: killed.age <= freshMs ? 1 : 0.1,
  };
}

const severityOf = (age: number): Severity =>
  age <= freshMs ? 'critical' : age <= 15 * minuteMs ? 'warning' : 'note';

const subjectOf = (cgroup: string | null): Subject =>
  cgroup === null || cgroup === '' ? { kind: 'host' } : { kind: 'cgroup', path: cgroup };

function inWindow(history: TriageHistory, counted: number, path: string | null): Finding {
  const times = counted === 1 ? 'once' : `${counted} times`;
  return {
    severity: 'critical',
    subject: subjectOf(path),
    sentence: `The kernel killed for want of memory ${times} while this was watched${path === null ? '' : `, in ${path}`}.`,
    figures: [countFigure('kills while watched', counted)],
    refutedBy: 'The kernel log names no kill at this time: look with dmesg.',
    next: nextFor(history, null, path),
    weight: 1,
  };
}

/** What runs again under the name of the killed one, or who would be killed next. */
function nextFor(
  { latest }: TriageHistory,
  command: string | null,
  cgroup: string | null,
): NextCommand {
  const again = latest.processes.find((each) => each.command === command);
  if (again !== undefined) return leakOf(again.pid);
  const next = likeliestVictim(latest.processes, cgroup);
  return next === null ? watchLonger() : segmentsOf(next.pid);
}
