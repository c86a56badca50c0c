import { milliseconds } from '../../../src/domain/units.ts';
import { cgroupUse, GiB, MiB, pressureOf, processUse } from '../../support/synthetic-triage.ts';
import { b, type Case, day, leaky, minute, slab } from './case.ts';

/** Something grows. */
export const growthCases: readonly Case[] = [
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
    'a process that grows in bursts, as one that collects garbage may',
    (step) => ({ processes: [leaky(Math.floor(step / 2))] }),
    'process-leak',
    'note',
    /^api\[4121\] grows by 60\.0 MiB\/min/,
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
      counters: {
        refaultedFile: 7e6 + step * 4102,
        pagedIn: 1e6 + step * 20_000,
        scannedByKswapd: 9e6 + step * 6000,
      },
      pressure: { memory: pressureOf(14.2, 3.1) },
    }),
    'cache-thrash',
    'warning',
    /^16\.0 MiB\/s of file pages that were just evicted are read again: the page cache is too small/,
    'memtrace cache --by process',
  ],
  [
    'the same where the kernel looked for nothing to evict',
    (step) => ({
      counters: { refaultedFile: 7e6 + step * 4102, pagedIn: 1e6 + step * 20_000 },
      pressure: { memory: pressureOf(0, 0) },
    }),
    'cache-thrash',
    'note',
    /^16\.0 MiB\/s of file pages .* not for want of memory: something evicts them although there is enough/,
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
];
