import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/domain/triage/rules/index.ts';
import type { Severity } from '../../../src/domain/triage/verdict.ts';
import { verdicts } from '../../../src/domain/triage/verdicts.ts';
import { bytes, milliseconds } from '../../../src/domain/units.ts';
import {
  cgroupUse,
  GiB,
  type Machine,
  MiB,
  pressureOf,
  processUse,
  triageHistory,
} from '../../support/synthetic-triage.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const b = bytes;

/** A zone of 8 GiB with so much free. */
const zone = (node: number, free: number, freeBlocks: readonly number[] | null = null) => ({
  node,
  name: 'Normal',
  free: free / 4096,
  min: 10_000,
  low: 12_500,
  high: 15_000,
  managed: (8 * GiB) / 4096,
  freeBlocks,
});
const numaNode = (id: number, free: number) => ({
  id,
  total: b(8 * GiB),
  free: b(free),
  file: b(GiB),
  anonymous: b(4 * GiB),
});
const slab = (name: string, size: number, reclaimable: boolean | null = null) => ({
  name,
  activeObjects: size / 192,
  objects: size / 192,
  objectSize: b(192),
  size: b(size),
  reclaimable,
});
const leaky = (step: number, changes = {}) =>
  processUse('api[4121]', GiB + step * 2 * MiB, { cgroup: '/prod/api' }, changes);

/** What the machine does, and the first verdict: code, severity, and words of its sentence and of its command. */
const cases: readonly (readonly [
  string,
  (step: number) => Machine,
  string,
  Severity,
  RegExp,
  string | null,
])[] = [
  [
    'an old process whose own memory grows by 2 MiB a second',
    (step) => ({ processes: [leaky(step)] }),
    'process-leak',
    'warning',
    /^api\[4121\] grows by 120 MiB\/min; at this rate available memory is used up in 1h25m\.$/,
    'memtrace leak -p 4121',
  ],
  [
    'the same below a limit that is nearer',
    (step) => ({
      processes: [leaky(step)],
      cgroups: [
        cgroupUse('/prod', { usage: b(2 * GiB), limit: b(3 * GiB) }),
        cgroupUse('/prod/ap', { usage: b(GiB), limit: b(GiB * 1.2) }),
      ],
    }),
    'process-leak',
    'warning',
    /the limit of \/prod is reached in \d+m\d\ds/,
    'memtrace leak -p 4121',
  ],
  [
    'a slow one',
    (step) => ({ processes: [processUse('api[4121]', 50 * MiB + step * 0.1 * MiB, {})] }),
    'process-leak',
    'note',
    /6\.00 MiB\/min/,
    'memtrace leak -p 4121',
  ],
  [
    'a process that began a minute ago and grows',
    (step) => ({ processes: [leaky(step, { began: milliseconds(day - minute) })] }),
    'process-growth',
    'note',
    /it began 1m10s ago, and may still be starting\.$/,
    'memtrace leak -p 4121',
  ],
  [
    'reads of files, which fill the page cache',
    (step) => ({
      memory: { cached: b(4 * GiB + step * 100 * MiB), free: b(6 * GiB - step * 100 * MiB) },
    }),
    'cache-growth',
    'ok',
    /grew by 0\.98 GiB, which is no problem/,
    'memtrace cache --top',
  ],
  [
    'a page cache that has filled memory long ago',
    () => ({ memory: { cached: b(9 * GiB), free: b(300 * MiB) } }),
    'cache-growth',
    'ok',
    /^Only 300 MiB are free because 9\.05 GiB hold contents of files/,
    'memtrace cache --top',
  ],
  [
    'files that are evicted and read again',
    (step) => ({
      counters: { refaultedFile: 7e6 + step * 4102, pagedIn: 1e6 + step * 20_000 },
      pressure: { memory: pressureOf(14.2, 3.1) },
    }),
    'cache-thrash',
    'warning',
    /^16\.0 MiB\/s of file pages that were just evicted are read again: the page cache is too small/,
    'memtrace cache --by process',
  ],
  [
    'the same by page faults in a control group with a limit',
    (step) => ({
      counters: { refaultedFile: step * 3000, majorFaults: step * 2500 },
      cgroups: [
        cgroupUse('/', { refaultedFile: step * 3000 }),
        cgroupUse('/batch', {
          refaultedFile: step * 3000,
          limit: b(128 * MiB),
          usage: b(127 * MiB),
          file: b(120 * MiB),
          limitHits: step * 90,
        }),
      ],
    }),
    'cache-thrash',
    'warning',
    /by page faults on mapped files: the limit of \/batch leaves/,
    'memtrace cache --by process --cgroup /batch',
  ],
  [
    'unreclaimable slab that grows',
    (step) => ({
      memory: { slabUnreclaimable: b(150 * MiB + step * 8 * MiB) },
      slabs: [slab('kmalloc-192', 20 * MiB + step * 8 * MiB), slab('dentry', 40 * MiB, true)],
    }),
    'slab-growth',
    'warning',
    /cannot be reclaimed is 230 MiB \(1% of all\), and grows by 480 MiB\/min, most of it in kmalloc-192/,
    'memtrace leak 10',
  ],
  [
    'names of files that are looked up',
    (step) => ({
      memory: { slabReclaimable: b(250 * MiB + step * 8 * MiB) },
      slabs: [slab('dentry', 40 * MiB + step * 7 * MiB)],
    }),
    'slab-growth',
    'note',
    /most of it in dentry; the kernel gives most of it back/,
    'memtrace leak 10',
  ],
  [
    'pages that go to swap and come back while memory is short',
    (step) => ({
      memory: { available: b(GiB), swapTotal: b(4 * GiB), swapFree: b(3 * GiB) },
      counters: { swappedOut: step * 900, swappedIn: step * 700 },
      processes: [processUse('db[7]', 9 * GiB, { swap: b(700 * MiB) })],
    }),
    'swap-pressure',
    'warning',
    /because memory is short: 1\.00 GiB are in swap, most of db\[7\] \(700 MiB\)/,
    'memtrace triage -p 7',
  ],
  [
    'a control group that swaps at its limit',
    (step) => ({
      memory: { swapTotal: b(4 * GiB), swapFree: b(3 * GiB) },
      counters: { swappedOut: step * 900, swappedIn: step * 700 },
      processes: [processUse('db[7]', 9 * GiB, { cgroup: '/db' })],
      cgroups: [
        cgroupUse('/db', {
          usage: b(GiB),
          limit: b(GiB),
          file: b(400 * MiB),
          swap: b(step * 900 * 4096),
        }),
      ],
    }),
    'swap-pressure',
    'warning',
    /because the limit of \/db is reached, though the machine has more/,
    'memtrace triage -p 7',
  ],
  [
    'swapping on one NUMA node beside a free one',
    (step) => ({
      memory: { swapTotal: b(4 * GiB), swapFree: b(3 * GiB) },
      counters: { swappedOut: step * 900, swappedIn: step * 100 },
      zones: [zone(0, 60 * MiB), zone(1, 5 * GiB)],
      nodes: [numaNode(0, 60 * MiB), numaNode(1, 5 * GiB)],
      settings: { zoneReclaimMode: 1 },
    }),
    'swap-numa',
    'warning',
    /^Node 0 swaps with 60\.0 MiB free, while node 1 has 5\.00 GiB: vm\.zone_reclaim_mode=1/,
    'memtrace triage -p 1',
  ],
  [
    'swapping with much page cache',
    (step) => ({
      memory: { swapTotal: b(4 * GiB), swapFree: b(3 * GiB) },
      counters: { swappedOut: step * 900, swappedIn: step * 100 },
      settings: { swappiness: 100 },
    }),
    'swap-swappiness',
    'warning',
    /although 10\.0 GiB are available: reclaim prefers to keep page cache \(vm\.swappiness=100\)/,
    'memtrace cache --by process',
  ],
  [
    'swap that is used and quiet',
    () => ({ memory: { swapTotal: b(4 * GiB), swapFree: b(3 * GiB) } }),
    'swap-quiet',
    'ok',
    /^1\.00 GiB are in swap from earlier/,
    null,
  ],
  [
    'direct reclaim',
    (step) => ({
      memory: { available: b(3 * GiB) },
      counters: {
        allocationStalls: step * 40,
        scannedDirectly: step * 9000,
        reclaimedDirectly: step * 3000,
      },
      pressure: { memory: pressureOf(22, 6) },
      zones: [zone(0, 30 * MiB)],
    }),
    'reclaim-stall',
    'warning',
    /reclaim it themselves 40 times a second, and waited for memory 22% of the time/,
    'memtrace triage -p 1',
  ],
  [
    'heavy writing',
    () => ({
      memory: { dirty: b(2 * GiB), writeback: b(300 * MiB) },
      counters: { dirtyThreshold: (3 * GiB) / 4096, dirtyBackgroundThreshold: (1.5 * GiB) / 4096 },
    }),
    'dirty-throttling',
    'warning',
    /^2\.29 GiB wait to be written, which is so near the limit of 3\.00 GiB/,
    'memtrace cache --by process --sort dirtied',
  ],
  [
    'a control group that is full of what cannot be dropped',
    (step) => ({
      cgroups: [
        cgroupUse('/prod/api', {
          version: 1,
          usage: b(500 * MiB),
          limit: b(512 * MiB),
          file: b(4 * MiB),
          limitHits: step,
        }),
      ],
      processes: [processUse('api[4121]', 480 * MiB, { cgroup: '/prod/api' })],
    }),
    'cgroup-limit',
    'warning',
    /^\/prod\/api holds 96% of the 512 MiB that memory\.limit_in_bytes allows it/,
    'memtrace triage -p 4121',
  ],
  [
    'a kill that the kernel log tells of',
    () => ({
      oomKills: [
        {
          age: milliseconds(40 * second),
          pid: 900,
          command: 'api',
          cgroup: '/prod/api',
          anonymous: b(480 * MiB),
        },
      ],
      processes: [processUse('api[4121]', 20 * MiB, { cgroup: '/prod/api' })],
    }),
    'oom-recent',
    'critical',
    /^The kernel killed api\[900\] 40s ago: the limit of \/prod\/api was reached\.$/,
    'memtrace leak -p 4121',
  ],
  [
    'a kill that only the counters of a group tell of',
    (step) => ({
      cgroups: [cgroupUse('/prod/api', { oomKills: step > 4 ? 1 : 0 })],
      processes: [processUse('api[4121]', 20 * MiB, { cgroup: '/prod/api' })],
    }),
    'oom-recent',
    'critical',
    /^The kernel killed for want of memory once while this was watched, in \/prod\/api\.$/,
    'memtrace triage -p 4121',
  ],
  [
    'available memory that falls to nothing',
    (step) => ({
      memory: { available: b(4 * GiB - step * 50 * MiB) },
      processes: [processUse('db[7]', 9 * GiB + step * 50 * MiB, { oomScore: 900 })],
    }),
    'oom-imminent',
    'critical',
    /are left on this machine and at the rate at which that falls it lasts 1m12s; db\[7\]/,
    'memtrace leak -p 7',
  ],
  [
    'hardly anything left, and nothing moves',
    () => ({
      memory: { available: b(GiB) },
      processes: [processUse('db[7]', 9 * GiB, { oomScore: 900 })],
    }),
    'oom-imminent',
    'warning',
    /^1\.00 GiB are left on this machine; db\[7\] \(9\.01 GiB resident\) would be killed first\.$/,
    'memtrace triage -p 7',
  ],
  [
    'free memory in small pieces, and tasks that need large ones',
    (step) => ({
      counters: { compactionStalls: step * 30, compactionFailures: step * 28 },
      zones: [zone(0, 400 * MiB, [60_000, 20_000, 500, 10, 0, 0, 0, 0, 0, 0, 0])],
    }),
    'fragmentation',
    'warning',
    /^Tasks wait 30 times a second for large blocks of memory, mostly in vain: .* 0% lie in blocks of 16/,
    'memtrace leak 10',
  ],
  [
    'a tmpfs that fills up',
    (step) => ({
      memory: { shmem: b(50 * MiB + step * 5 * MiB), cached: b(4 * GiB + step * 5 * MiB) },
      memoryMounts: [
        {
          path: '/dev/shm',
          fileSystem: 'tmpfs',
          used: b(step * 5 * MiB),
          size: b(GiB),
        },
      ],
    }),
    'shmem-growth',
    'warning',
    /^Files in memory on \/dev\/shm grow by 300 MiB\/min, 5% full and at this rate full in 3m15s/,
    'memtrace cache --top',
  ],
  [
    'shared memory that grows where no mount is seen',
    (step) => ({ memory: { shmem: b(50 * MiB + step * 5 * MiB) } }),
    'shmem-growth',
    'note',
    /in no mount that is visible here/,
    'memtrace cache --top',
  ],
  [
    'huge pages that nobody uses',
    () => ({
      hugePools: [{ pageSize: b(2 * MiB), total: 1024, free: 1000, reserved: 100, surplus: 0 }],
      memory: { hugetlb: b(2 * GiB), anonymous: b(3 * GiB) },
    }),
    'huge-pages-unused',
    'note',
    /^1\.76 GiB \(11% of all memory\) are set aside as huge pages that nobody uses\.$/,
    null,
  ],
  [
    'memory that no figure names',
    () => ({ memory: { anonymous: b(3 * GiB) } }),
    'unaccounted-memory',
    'note',
    /stand in no figure of the kernel/,
    'memtrace leak 10',
  ],
  [
    'strict overcommit at its end',
    () => ({
      memory: { committed: b(7.9 * GiB) },
      settings: { overcommitMemory: 2 },
    }),
    'commit-limit',
    'critical',
    /^99% of the 8\.00 GiB that may be promised are promised/,
    'memtrace triage -p 1',
  ],
];

describe('the first verdict', () => {
  it.each(cases)('of %s', (_, script, code, severity, sentence, next) => {
    const found = verdicts(triageHistory(script));
    const [first] = found;
    expect([first?.code, first?.severity]).toEqual([code, severity]);
    expect(first?.sentence).toMatch(sentence);
    expect(first?.next?.argv.join(' ') ?? null).toBe(next);
  });

  it('has a case for every rule', () => {
    const covered = new Set(cases.map(([, , code]) => code));
    expect(rules.map(({ code }) => code).filter((code) => !covered.has(code))).toEqual([]);
  });
});
