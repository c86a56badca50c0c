import type { Cgroup } from '../../domain/triage/cgroup.ts';
import type { Growing, ProcessRow, TriageReport } from '../../domain/triage/report.ts';
import type { ProcessSegments } from '../../domain/triage/process-use.ts';
import type { TriageSnapshot } from '../../domain/triage/snapshot.ts';
import type { Subject, Verdict } from '../../domain/triage/verdict.ts';
import type { TriageFormat } from './format.ts';

const version = 1;
const mostProcesses = 30;
const mostSlabs = 15;
const mostGroups = 30;

/** One object on one line: docs/triage.schema.json. Sizes are bytes, times milliseconds, rates by the second. */
export const triageJson: TriageFormat = (report) =>
  `${JSON.stringify({ v: version, type: 'triage', ...fields(report) })}\n`;

function fields(report: TriageReport): Record<string, unknown> {
  const { latest, verdicts } = report;
  const { host, memory, pressure } = latest;
  const [first] = verdicts;
  return {
    time: new Date(latest.takenAt).toISOString(),
    spanMs: rounded(report.span),
    samples: report.samples,
    verdict: first?.code ?? null,
    severity: first?.severity ?? null,
    verdicts: verdicts.map(verdict),
    host: {
      name: host.name,
      kernel: host.kernel,
      cpus: host.cpus,
      pageSizeBytes: host.pageSize,
      uptimeMs: host.uptime,
    },
    memory,
    free: report.free,
    trends: record(report.trends, rounded),
    rates: record(report.rates, rounded),
    pressure,
    ...machine(latest),
    processes: report.processes.slice(0, mostProcesses).map(process),
    processCount: report.processes.length,
    slabs: report.slabs.slice(0, mostSlabs).map(({ of, growth }) => ({
      ...of,
      growth: rounded(growth),
    })),
    cgroups: report.cgroups.slice(0, mostGroups).map(cgroup),
    segments: report.segments.map(({ of, rows }) => segments(of, rows)),
    unseen: latest.unseen,
  };
}

function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value * 1000) / 1000;
}

const record = (
  values: Readonly<Record<string, number | null | undefined>>,
  of: (value: number | null | undefined) => number | null,
): Record<string, number | null> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value)]));

const verdict = (of: Verdict): Record<string, unknown> => ({
  code: of.code,
  title: of.title,
  severity: of.severity,
  subject: subject(of.subject),
  sentence: of.sentence,
  figures: of.figures,
  refutedBy: of.refutedBy,
  next: of.next,
  mechanism: of.mechanism,
});

function subject(of: Subject): Record<string, unknown> {
  if (of.kind !== 'process') return { ...of };
  const { kind, pid, command } = of;
  return { kind, pid, command };
}

const machine = ({
  zones,
  nodes,
  swaps,
  zram,
  memoryMounts,
  hugePools,
  oomKills,
  settings,
}: TriageSnapshot): Record<string, unknown> => ({
  zones,
  nodes,
  swaps,
  zram,
  memoryMounts,
  hugePools,
  oomKills,
  settings,
});

function process(row: ProcessRow): Record<string, unknown> {
  const { pid, command, began, virtual, resident, shared, anonymous, detail } = row.of;
  return {
    pid,
    command,
    beganMs: began,
    virtual,
    resident,
    shared,
    anonymous,
    growth: rounded(row.growth),
    virtualGrowth: rounded(row.virtualGrowth),
    majorFaults: rounded(detail?.majorFaultRate),
    minorFaults: rounded(detail?.minorFaultRate),
    uid: detail?.uid ?? null,
    file: detail?.file ?? null,
    shmem: detail?.shmem ?? null,
    proportional: detail?.proportional ?? null,
    swap: detail?.swap ?? null,
    threads: detail?.threads ?? null,
    oomScore: detail?.oomScore ?? null,
    oomScoreAdj: detail?.oomScoreAdj ?? null,
    cgroup: detail?.cgroup ?? null,
  };
}

const cgroup = ({ of, growth }: Growing<Cgroup>): Record<string, unknown> => ({
  ...of,
  growth: rounded(growth),
});

function segments(
  { pid, largest, arenas }: ProcessSegments,
  rows: TriageReport['segments'][number]['rows'],
): Record<string, unknown> {
  return {
    pid,
    segments: rows.map(({ of, growth, virtualGrowth }) => ({
      ...of,
      growth: rounded(growth),
      virtualGrowth: rounded(virtualGrowth),
    })),
    largest,
    arenas,
  };
}
