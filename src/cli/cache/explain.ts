import { cacheProbes } from '../../cache-probes/index.ts';
import { cacheModes } from '../../domain/cache-snapshot.ts';
import { bpf } from '../../native/bpf.ts';
import { cacheMeasures } from '../../view/cache-columns.ts';
import { wrapped } from '../../view/wrapped.ts';

const width = 96;
const indent = 13;

/** What the figures are. */
const definitions: readonly (readonly [string, string])[] = [
  [
    'page',
    'a base page of the kernel, 4 KiB on most machines. A folio of 256 pages counts 256; a call counts as many pages as it covers.',
  ],
  [
    'access',
    'one page of a file covered by the bytes that a read-like call returned (read, pread, readv, io_uring, sendfile, splice), or one page fault on a file mapping.',
  ],
  [
    'miss',
    'an accessed page that was inserted into the cache inside that very call or fault: the caller waited for storage.',
  ],
  [
    'read-ahead',
    'the first access to a page that read-ahead brought in: storage was paid, the wait was hidden.',
  ],
  ['hit', 'every other access. hits + read-ahead + misses = accesses; none is ever negative.'],
  [
    'ratio',
    'hits of accesses: 0 % for a cold sequential read, 100 % for a warm one, a dash where nothing was accessed. WAITED is the share that waited: misses of accesses.',
  ],
  [
    'write',
    'one page covered by a write-like call; a write miss is such a page that was not cached before, WRITE_HIT% the share of the others. Writes are in no column of reads.',
  ],
  ['dirtied', 'a page that turned dirty (cachestat prints buffer heads there).'],
  ['filled', 'a page inserted for reading: missed or read ahead, also one that nobody reads.'],
  [
    'evicted',
    'a page that left the cache for whatever reason, laid to the process that ran then; reclaimed are those that the kernel took for others to have memory.',
  ],
  [
    'refaulted',
    'a page that came back after it had left within the session: what left the 32768 stretches of 256 KiB that pages left last is remembered.',
  ],
  ['wasted', 'a page that read-ahead brought in and that left the cache unread.'],
  ['direct', 'a page of direct I/O (O_DIRECT), which passes the cache by: in no ratio.'],
  [
    'apart',
    'metadata (the block device itself, where most file systems keep theirs) and memory (tmpfs, shared memory, hugetlbfs: there is no storage behind them) have rows and totals of their own, and are in no total and no ratio of files.',
  ],
  [
    'who evicts',
    'what a process reclaimed itself is laid to it; what the kernel reclaimed in the background is shared out to those who added pages in the same interval, by how many they added. It says "while", not "because".',
  ],
];

/** How the columns of cachestat and cachetop are to be read. */
const columns: readonly (readonly [string, string])[] = [
  [
    'MISSES',
    'misses + read-ahead, so that HITS / (HITS + MISSES) is HITRATIO for whoever computes it. READAHEAD says how many of them were read ahead; the others waited.',
  ],
  [
    'READ_HIT%',
    'the ratio of the process: cachetop divides by reads, writes and insertions together, and a cold read was 50 % there.',
  ],
  ['BUFFERS_MB', 'Buffers and Cached of /proc/meminfo; Cached has tmpfs and shared memory in it.'],
];

/** What `memtrace cache --explain` prints. Needs no privilege. */
export function explanation(): string {
  return [
    'WHAT THE FIGURES MEAN',
    ...definitions.flatMap(entry),
    '',
    'COLUMNS',
    ...columns.flatMap(entry),
    ...Object.values(cacheMeasures)
      .filter(({ id }) => id !== 'misses')
      .flatMap(({ title, help }) => entry([title, help])),
    '',
    'MODES, the first that works here is taken (--mode chooses; memtrace doctor tries each)',
    ...cacheModes.flatMap((mode) => modeLines(mode)),
    '',
  ].join('\n');
}

function modeLines(mode: (typeof cacheModes)[number]): string[] {
  const probe = cacheProbes.find((each) => each.mode === mode);
  if (probe === undefined) return entry([mode, 'not in this build']);
  const plan = planOf(probe);
  if ('lacks' in plan) return entry([mode, `not here: ${plan.lacks}`]);
  return plan.blindSpots.flatMap(({ code, text }, i) =>
    entry([i === 0 ? mode : '', `cannot see: ${text} (${code})`]),
  );
}

/** Without the addon or the kernel's types nothing is known of this host. */
function planOf(probe: (typeof cacheProbes)[number]): ReturnType<typeof probe.plan> {
  try {
    return probe.plan(bpf());
  } catch (error) {
    return { lacks: error instanceof Error ? error.message : String(error) };
  }
}

function entry([word, text]: readonly [string, string]): string[] {
  const head = word.length > indent - 2 ? [` ${word}`] : [];
  return [
    ...head,
    ...wrapped(text, width - indent).map(
      (line, i) => `${(i === 0 && head.length === 0 ? ` ${word}` : '').padEnd(indent)}${line}`,
    ),
  ];
}
