import type { Cgroup } from '../../src/domain/triage/cgroup.ts';
import { type CounterName, counterLines } from '../../src/domain/triage/counters.ts';
import { TriageHistory } from '../../src/domain/triage/history.ts';
import type { MemoryFigures } from '../../src/domain/triage/memory.ts';
import type { ProcessDetail, ProcessUse } from '../../src/domain/triage/process-use.ts';
import type { Pressure, TriageSnapshot } from '../../src/domain/triage/snapshot.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import type { TriageSource } from '../../src/sources/source.ts';

export const MiB = 2 ** 20;
export const GiB = 2 ** 30;

const noCounters = Object.fromEntries(Object.keys(counterLines).map((name) => [name, 0])) as Record<
  CounterName,
  number
>;

const memoryOf = (changes: Partial<MemoryFigures>): MemoryFigures => ({
  total: bytes(16 * GiB),
  free: bytes(6 * GiB),
  available: bytes(10 * GiB),
  buffers: bytes(100 * MiB),
  cached: bytes(4 * GiB),
  swapCached: bytes(0),
  activeFile: bytes(2 * GiB),
  inactiveFile: bytes(2 * GiB),
  unevictable: bytes(0),
  mlocked: bytes(0),
  swapTotal: bytes(0),
  swapFree: bytes(0),
  zswap: null,
  zswapped: null,
  dirty: bytes(4 * MiB),
  writeback: bytes(0),
  anonymous: bytes(5 * GiB),
  mapped: bytes(400 * MiB),
  shmem: bytes(50 * MiB),
  slab: bytes(400 * MiB),
  slabReclaimable: bytes(250 * MiB),
  slabUnreclaimable: bytes(150 * MiB),
  kernelStack: bytes(10 * MiB),
  pageTables: bytes(30 * MiB),
  perCpu: bytes(4 * MiB),
  vmallocUsed: bytes(30 * MiB),
  commitLimit: bytes(8 * GiB),
  committed: bytes(6 * GiB),
  anonymousHuge: bytes(0),
  hugetlb: bytes(0),
  ...changes,
});

/** A process of so much own memory; `api[4121]`. */
export function processUse(
  name: string,
  anonymous: number,
  detail: Partial<ProcessDetail> | null = null,
  changes: Partial<ProcessUse> = {},
): ProcessUse {
  const [, command = name, pid = '1'] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
  return {
    id: `${pid}:100`,
    pid: Number(pid),
    command,
    began: milliseconds(3_600_000),
    virtual: bytes(anonymous + 200 * MiB),
    resident: bytes(anonymous + 10 * MiB),
    shared: bytes(10 * MiB),
    anonymous: bytes(anonymous),
    detail: detail === null ? null : processDetail(detail),
    ...changes,
  };
}

const processDetail = (changes: Partial<ProcessDetail>): ProcessDetail => ({
  at: milliseconds(0),
  uid: 1000,
  anonymous: null,
  file: bytes(10 * MiB),
  shmem: bytes(0),
  swap: bytes(0),
  threads: 4,
  minorFaults: 0,
  majorFaults: 0,
  minorFaultRate: 0,
  majorFaultRate: 0,
  oomScore: 100,
  oomScoreAdj: 0,
  cgroup: '/',
  proportional: null,
  ...changes,
});

export const cgroupUse = (path: string, changes: Partial<Cgroup>): Cgroup => ({
  path,
  version: 2,
  usage: bytes(100 * MiB),
  limit: null,
  high: null,
  swap: bytes(0),
  limitHits: 0,
  highHits: 0,
  oomEvents: 0,
  oomKills: 0,
  anonymous: bytes(50 * MiB),
  file: bytes(40 * MiB),
  shmem: bytes(0),
  inactiveFile: bytes(20 * MiB),
  activeFile: bytes(20 * MiB),
  slabReclaimable: bytes(4 * MiB),
  dirty: bytes(0),
  refaultedFile: 0,
  majorFaults: 0,
  pressure: null,
  ...changes,
});

/** A pressure file with these averages over 10 s. */
export const pressureOf = (some: number, full: number): Pressure => {
  const line = (avg10: number) => ({
    avg10,
    avg60: avg10,
    avg300: avg10,
    total: milliseconds(0),
  });
  return { some: line(some), full: line(full) };
};

/** What of a snapshot is other than on a quiet machine of 16 GiB. */
export interface Machine extends Partial<
  Omit<TriageSnapshot, 'memory' | 'counters' | 'settings' | 'pressure'>
> {
  readonly memory?: Partial<MemoryFigures> | null;
  readonly counters?: Partial<Record<CounterName, number | null>>;
  readonly settings?: Partial<TriageSnapshot['settings']>;
  readonly pressure?: Partial<TriageSnapshot['pressure']>;
}

const stepMs = 1000;

/** A machine `step` seconds into a session. */
export function triageSnapshot(machine: Machine = {}, step = 0): TriageSnapshot {
  const { memory, counters, settings, pressure, ...rest } = machine;
  return {
    takenAt: Date.UTC(2026, 0, 1, 12) + step * stepMs,
    elapsed: milliseconds(step * stepMs),
    host: {
      name: 'web-07',
      kernel: '6.12.0',
      cpus: 4,
      pageSize: bytes(4096),
      uptime: milliseconds(86_400_000 + step * stepMs),
    },
    memory: memory === null ? null : memoryOf(memory ?? {}),
    counters: { ...noCounters, ...counters },
    pressure: { memory: pressureOf(0, 0), io: pressureOf(0, 0), ...pressure },
    zones: [],
    nodes: [],
    swaps: [],
    zram: [],
    slabs: [],
    memoryMounts: [],
    hugePools: [],
    oomKills: [],
    settings: {
      swappiness: 60,
      minFreeKbytes: 67_584,
      watermarkScaleFactor: 10,
      zoneReclaimMode: 0,
      dirtyRatio: 20,
      dirtyBackgroundRatio: 10,
      dirtyBytes: 0,
      dirtyBackgroundBytes: 0,
      dirtyExpireCentisecs: 3000,
      dirtyWritebackCentisecs: 500,
      overcommitMemory: 0,
      overcommitRatio: 50,
      vfsCachePressure: 100,
      transparentHugePages: 'madvise',
      zswapEnabled: false,
      ...settings,
    },
    cgroups: [],
    processes: [processUse('systemd[1]', 8 * MiB, {})],
    segments: [],
    unseen: [],
    ...rest,
  };
}

/** `steps` seconds and one snapshot more of a machine that follows a script. */
export function triageHistory(script: (step: number) => Machine, steps = 10): TriageHistory {
  const history = new TriageHistory();
  for (let step = 0; step <= steps; step++) history.add(triageSnapshot(script(step), step));
  return history;
}

/** A machine that follows a script: one step at each snapshot, always the same. */
export class SyntheticMachine implements TriageSource {
  readonly #script: (step: number) => Machine;
  #step = -1;
  #last: TriageSnapshot | null = null;

  constructor(script: (step: number) => Machine = () => ({})) {
    this.#script = script;
  }

  async snapshot(): Promise<TriageSnapshot> {
    if (this.#last !== null) return this.#last;
    this.#step++;
    return triageSnapshot(this.#script(this.#step), this.#step);
  }

  async close(): Promise<TriageSnapshot> {
    this.#last ??= { ...(await this.snapshot()), ended: 'stopped' };
    return this.#last;
  }
}
