import { milliseconds } from '../../../src/domain/units.ts';
import { cgroupUse, GiB, MiB, pressureOf, processUse } from '../../support/synthetic-triage.ts';
import { b, type Case, numaNode, second, zone } from './case.ts';

/** Something is short. */
export const pressureCases: readonly Case[] = [
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
    'a process asked about that holds much in many arenas',
    () => ({
      processes: [processUse('java[77]', GiB, {})],
      segments: [
        {
          pid: 77,
          at: milliseconds(0),
          segments: [],
          largest: [],
          arenas: { count: 40, resident: b(600 * MiB) },
        },
      ],
    }),
    'allocator-retention',
    'note',
    /^java\[77\] holds 600 MiB in 40 arenas of malloc and does not grow/,
    'memtrace leak -p 77',
  ],
  [
    'a script that drops caches',
    (step) => ({ counters: { droppedCaches: 7 + Math.floor(step / 4) } }),
    'caches-dropped',
    'note',
    /^Somebody dropped page cache 2 times while this was watched/,
    'memtrace cache --by process',
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
