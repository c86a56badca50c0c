import type { Cgroup } from '../cgroup.ts';
import {
  countFigure,
  eventsFigure,
  pagesFigure,
  pressureFigure,
  shareFigure,
  sizeWords,
} from '../figures.ts';
import type { TriageHistory } from '../history.ts';
import { cacheByProcess } from '../next.ts';
import type { Rule } from '../rule.ts';
import type { Figure, Finding } from '../verdict.ts';

/** Pages per second that came back, at least. */
const leastRate = 500;
const leastSteps = 3;

/** Pages of files are evicted and soon read again: the cache is too small for what is read. */
export const cacheThrash: Rule = {
  code: 'cache-thrash',
  title: 'page cache thrashes',
  mechanism: {
    text: 'When a page of a file is evicted, the kernel leaves a mark of when that was. If it is read again while the mark is still there, it is a refault: with a little more memory it would not have been read twice. Many refaults mean that storage does again and again what memory could have done once; reads and page faults wait for it. Pages also leave while there is memory enough: where DAMON or a program (memory.reclaim, drop_caches) takes them. That makes the same marks, and more memory would not help.',
    source: 'Documentation/admin-guide/cgroup-v2.rst (workingset_refault_file), mm/workingset.c',
  },
  find: (history) => {
    if (history.snapshots.length <= leastSteps) return [];
    const host = history.rate('refaultedFile') ?? 0;
    const isSustained =
      history.rates('refaultedFile').filter((rate) => (rate ?? 0) >= leastRate / 2).length >=
      Math.max(leastSteps, (history.snapshots.length - 1) / 2);
    if (host < leastRate || !isSustained) return [];
    const group = squeezed(history);
    const others = host - (group?.rate ?? 0);
    const found = group === null ? [] : [finding(history, group.rate, group.cgroup)];
    if (others < leastRate) return found;
    if (isNotForWantOfMemory(history, group !== null))
      return [...found, proactive(history, others)];
    return [...found, finding(history, others, null)];
  },
};

/** The deepest group with a limit that enough pages come back to. */
function squeezed({ first, latest, span }: TriageHistory): Squeezed | null {
  const before = new Map(first.cgroups.map(({ path, refaultedFile }) => [path, refaultedFile]));
  const rates = latest.cgroups.flatMap((cgroup): Squeezed[] => {
    const { path, refaultedFile, limit, high } = cgroup;
    const was = before.get(path) ?? null;
    if (was === null || refaultedFile === null || (limit ?? high) === null) return [];
    const rate = ((refaultedFile - was) / span) * 1000;
    return rate >= leastRate ? [{ cgroup, rate }] : [];
  });
  return rates.toSorted((a, b) => b.cgroup.path.length - a.cgroup.path.length)[0] ?? null;
}

interface Squeezed {
  readonly cgroup: Cgroup;
  /** Pages that come back to it, per second. */
  readonly rate: number;
}

/** The kernel looked for nothing to evict, and no other group is at its limit. */
function isNotForWantOfMemory(history: TriageHistory, isGroupTold: boolean): boolean {
  const scanned = [history.rate('scannedByKswapd'), history.rate('scannedDirectly')];
  const before = new Map(history.first.cgroups.map(({ path, limitHits }) => [path, limitHits]));
  const isAtLimit = history.latest.cgroups.some(
    ({ path, limitHits }) => (limitHits ?? 0) > (before.get(path) ?? limitHits ?? 0),
  );
  return scanned.every((rate) => rate === 0) && (isGroupTold || !isAtLimit);
}

const proactive = (history: TriageHistory, rate: number): Finding => ({
  severity: 'note',
  subject: { kind: 'host' },
  sentence: `${sizeWords(rate * history.latest.host.pageSize)}/s of file pages that were evicted are read again, but not for want of memory: something evicts them although there is enough, such as DAMON or a program that writes to memory.reclaim.`,
  figures: [
    pagesFigure('refaults', rate),
    pagesFigure('scanned by the kernel for want of memory', 0),
    ...pressureFigures(history),
  ],
  refutedBy: 'pgscan_kswapd or pgscan_direct of /proc/vmstat count up.',
  next: cacheByProcess(null),
  weight: Math.min(1, rate / 20_000),
});

function finding(history: TriageHistory, rate: number, group: Cgroup | null): Finding {
  const readPages = (history.rate('pagedIn') ?? 0) * (1024 / history.latest.host.pageSize);
  const ofReads = readPages > 0 ? rate / readPages : null;
  const { memory } = history.latest.pressure;
  const faults = history.rate('majorFaults') ?? 0;
  const size = sizeWords(rate * history.latest.host.pageSize);
  const where =
    group === null
      ? 'the page cache is too small for what is read'
      : `the limit of ${group.path} leaves its page cache too small for what is read there`;
  const how = faults >= rate / 4 ? ', by page faults on mapped files' : '';
  return {
    severity:
      (memory?.full?.avg10 ?? 0) > 10 || (memory?.some.avg10 ?? 0) > 40 ? 'critical' : 'warning',
    subject: group === null ? { kind: 'host' } : { kind: 'cgroup', path: group.path },
    sentence: `${size}/s of file pages that were just evicted are read again${how}: ${where}.`,
    figures: [
      pagesFigure('refaults', rate),
      ...(ofReads === null ? [] : [shareFigure('of what is read', Math.min(1, ofReads))]),
      eventsFigure('major faults', faults),
      ...pressureFigures(history),
      ...(group === null ? [] : [countFigure('times at the limit', group.limitHits ?? 0)]),
    ],
    refutedBy: 'memtrace cache shows hits, and few pages that were refaulted.',
    next: cacheByProcess(group?.path ?? null),
    weight: Math.min(1, rate / 20_000),
  };
}

function pressureFigures({ latest }: TriageHistory): readonly Figure[] {
  const { memory } = latest.pressure;
  return memory === null
    ? []
    : [pressureFigure('tasks waited for memory (10 s)', memory.some.avg10)];
}
