import { cacheModes, type CacheModeName } from '../../src/domain/cache-snapshot.ts';
import type { CacheCounts, CacheTotal } from '../support/cache-tracer.ts';
import type { FileSystemName } from '../support/file-system.ts';
import { runMemtrace } from '../support/memtrace.ts';
import { requires } from '../support/require.ts';

type Column = keyof CacheCounts;

/** What a mode says that it cannot see of a file: null in its reports. */
const unseen: Record<CacheModeName, (fileSystem: FileSystemName) => readonly Column[]> = {
  'fentry': (name) => (name === 'btrfs' ? ['writes'] : []),
  'kprobe': (name) => (name === 'btrfs' ? ['writes'] : []),
  'btf-tracepoint': (name) => (name === 'btrfs' ? ['writes'] : []),
  'tracepoint': () => ['writes', 'writeMisses', 'dirtied', 'direct'],
};

/** Of a report: on some kernels there is nothing to see direct I/O by, which the report then says. */
export const unseenColumns = (total: CacheTotal, name: FileSystemName): readonly Column[] => [
  ...unseen[total.mode](name),
  ...(total.blindSpots.some(({ code }) => code === 'direct-io') ? (['direct'] as const) : []),
];

interface Vague {
  /** The report has to say so: on another kernel the same mode may be exact. */
  readonly blindSpot: string;
  readonly modes: readonly CacheModeName[];
  readonly patterns: RegExp;
  readonly columns: readonly Column[];
}

const tracepoints = ['btf-tracepoint', 'tracepoint'] as const;

/** Columns that a mode says are not exact for some patterns. */
const vague: readonly Vague[] = [
  {
    // Which page a fault is for is not told when those around it are mapped.
    blindSpot: 'mapped-around',
    modes: tracepoints,
    patterns: /^map-(cold|random|written)/,
    columns: ['readAhead', 'hits'],
  },
  {
    // What was asked for by fadvise() is taken for asked for by the next read.
    blindSpot: 'advised-pages',
    modes: tracepoints,
    patterns: /^read-advised/,
    columns: ['misses', 'readAhead'],
  },
  {
    // Writes are not told of: what they inserted is taken for read-ahead.
    blindSpot: 'writes',
    modes: ['tracepoint'],
    patterns: /^mix|^write-then|^copy/,
    columns: ['readAhead', 'hits'],
  },
  {
    // Where a batch goes untold, what is written next is taken for read by the same call.
    blindSpot: 'partial-batches',
    modes: ['btf-tracepoint'],
    patterns: /^copy-cold/,
    columns: ['writeMisses'],
  },
];

/** Of a report, by the blind spots that it tells of. */
export const vagueColumns = (total: CacheTotal, pattern: string): readonly Column[] =>
  vague.flatMap(({ blindSpot, modes, patterns, columns }) =>
    modes.includes(total.mode) &&
    patterns.test(pattern) &&
    total.blindSpots.some(({ code }) => code === blindSpot)
      ? columns
      : [],
  );

/** The modes that work on this kernel; a requirement each. */
export async function modesHere(): Promise<readonly CacheModeName[]> {
  const tried = await Promise.all(
    cacheModes.map(async (mode) => {
      const { code, stderr } = await runMemtrace(['cache', '--mode', mode, '0.1', '1']);
      return { mode, works: code === 0, why: stderr };
    }),
  );
  return tried.filter(({ mode, works, why }) => requires(mode, works, why)).map(({ mode }) => mode);
}
