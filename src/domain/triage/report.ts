import type { Cgroup } from './cgroup.ts';
import type { CounterName } from './counters.ts';
import { isAsked, ownMemory } from './growers.ts';
import type { TriageHistory } from './history.ts';
import { type FreeColumns, freeColumns } from './memory.ts';
import type { ProcessSegments, ProcessUse, Segment } from './process-use.ts';
import type { SlabCache, TriageSnapshot } from './snapshot.ts';
import type { Verdict } from './verdict.ts';
import { verdicts } from './verdicts.ts';

/** A thing with how fast it grew over the window, per second; null before there are two snapshots that have it. */
export interface Growing<Thing> {
  readonly of: Thing;
  readonly growth: number | null;
}

/** A process with what moved over the window, per second; null where that is not known. */
export interface ProcessRow extends Growing<ProcessUse> {
  /** Of all it has mapped, touched or not. */
  readonly virtualGrowth: number | null;
}

export interface SegmentRow extends Growing<Segment> {
  /** Of what is mapped, resident or not. */
  readonly virtualGrowth: number | null;
}

/** All that is shown of a window: every list has its most telling rows first. */
export interface TriageReport {
  readonly latest: TriageSnapshot;
  /** Milliseconds from the first snapshot of the window to the latest. */
  readonly span: number;
  readonly samples: number;
  readonly verdicts: readonly Verdict[];
  readonly free: FreeColumns | null;
  /** Bytes per second. */
  readonly trends: Readonly<Record<TrendName, number | null>>;
  /** Per second. */
  readonly rates: Readonly<Partial<Record<CounterName, number | null>>>;
  /** Those of --pid first, then the fastest growing, then the largest. */
  readonly processes: readonly ProcessRow[];
  readonly slabs: readonly Growing<SlabCache>[];
  /** Those nearest to a limit of their own first, then the largest. */
  readonly cgroups: readonly Growing<Cgroup>[];
  readonly segments: readonly {
    readonly of: ProcessSegments;
    readonly rows: readonly SegmentRow[];
  }[];
}

/** What growth is shown of. */
const trendFigures = {
  available: (s: TriageSnapshot) => s.memory?.available,
  anonymous: (s: TriageSnapshot) => s.memory?.anonymous,
  cached: (s: TriageSnapshot) =>
    s.memory === null ? null : s.memory.cached + s.memory.buffers - (s.memory.shmem ?? 0),
  shmem: (s: TriageSnapshot) => s.memory?.shmem,
  slab: (s: TriageSnapshot) => s.memory?.slab,
  swap: (s: TriageSnapshot) => (s.memory === null ? null : s.memory.swapTotal - s.memory.swapFree),
} as const;

export type TrendName = keyof typeof trendFigures;

const shownRates = [
  'faults',
  'majorFaults',
  'pagedIn',
  'pagedOut',
  'swappedIn',
  'swappedOut',
  'refaultedFile',
  'refaultedAnonymous',
  'scannedByKswapd',
  'reclaimedByKswapd',
  'scannedDirectly',
  'reclaimedDirectly',
  'allocationStalls',
  'dirtied',
  'written',
  'compactionStalls',
] as const satisfies readonly CounterName[];

/** The report of a history that has a snapshot. */
export function triageReport(history: TriageHistory): TriageReport {
  const { latest, span } = history;
  return {
    latest,
    span,
    samples: history.snapshots.length,
    verdicts: verdicts(history),
    free: latest.memory === null ? null : freeColumns(latest.memory),
    trends: Object.fromEntries(
      Object.entries(trendFigures).map(([name, of]) => [name, history.trend(of)?.slope ?? null]),
    ) as Record<TrendName, number | null>,
    rates: Object.fromEntries(shownRates.map((name) => [name, history.rate(name)])),
    processes: processRows(history),
    slabs: slabRows(history),
    cgroups: cgroupRows(history),
    segments: latest.segments.map((of) => ({ of, rows: segmentRows(history, of) })),
  };
}

const perSecond = (change: number, ms: number): number | null =>
  ms > 0 ? (change / ms) * 1000 : null;

function processRows(history: TriageHistory): readonly ProcessRow[] {
  const { latest } = history;
  return latest.processes
    .map((process) => {
      const first = history.beginning(process.id);
      const before = first?.process ?? process;
      const lived = latest.elapsed - (first?.at ?? latest.elapsed);
      return {
        of: process,
        growth: perSecond(ownMemory(process) - ownMemory(before), lived),
        virtualGrowth: perSecond(process.virtual - before.virtual, lived),
      };
    })
    .sort(
      (a, b) =>
        Number(isAsked(latest, b.of.pid)) - Number(isAsked(latest, a.of.pid)) ||
        notable(b.growth) - notable(a.growth) ||
        b.of.resident - a.of.resident,
    );
}

/** Growth that is worth a place above larger ones: from 1 MiB a minute. */
const notable = (growth: number | null): number => {
  const perMinute = (growth ?? 0) * 60;
  return perMinute >= 2 ** 20 ? perMinute : 0;
};

function slabRows({ first, latest, span }: TriageHistory): readonly Growing<SlabCache>[] {
  const before = new Map(first.slabs.map(({ name, size }) => [name, size]));
  return latest.slabs
    .map((of) => ({ of, growth: perSecond(of.size - (before.get(of.name) ?? of.size), span) }))
    .sort((a, b) => notable(b.growth) - notable(a.growth) || b.of.size - a.of.size);
}

function cgroupRows({ first, latest, span }: TriageHistory): readonly Growing<Cgroup>[] {
  const before = new Map(first.cgroups.map(({ path, usage }) => [path, usage]));
  const fill = ({ usage, limit }: Cgroup) => (limit === null || limit === 0 ? 0 : usage / limit);
  return latest.cgroups
    .map((of) => ({ of, growth: perSecond(of.usage - (before.get(of.path) ?? of.usage), span) }))
    .sort((a, b) => fill(b.of) - fill(a.of) || b.of.usage - a.of.usage);
}

function segmentRows(history: TriageHistory, now: ProcessSegments): readonly SegmentRow[] {
  const before = history.snapshots
    .flatMap(({ segments }) => segments)
    .find(({ pid }) => pid === now.pid);
  return now.segments.map((of) => {
    const was = before?.segments.find(({ kind }) => kind === of.kind) ?? of;
    const ms = now.at - (before?.at ?? now.at);
    return {
      of,
      growth: perSecond(of.resident + of.swap - was.resident - was.swap, ms),
      virtualGrowth: perSecond(of.virtual - was.virtual, ms),
    };
  });
}
