import { cacheModes, type CacheModeName } from '../../src/domain/cache-snapshot.ts';
import type { CacheCounts } from '../support/cache-tracer.ts';
import type { FileSystemName } from '../support/file-system.ts';
import { runMemtrace } from '../support/memtrace.ts';
import { requires } from '../support/require.ts';

type Column = keyof CacheCounts;

/** What a mode says that it cannot see of a file: null in its reports. */
const unseen: Record<CacheModeName, (fileSystem: FileSystemName) => readonly Column[]> = {
  'fentry': () => [],
  'kprobe': () => [],
  'btf-tracepoint': (name) => (name === 'btrfs' ? ['writes'] : []),
  'tracepoint': () => ['writes', 'writeMisses', 'dirtied', 'direct'],
};

export const unseenColumns = (mode: CacheModeName, name: FileSystemName): readonly Column[] =>
  unseen[mode](name);

const byTracepoint: readonly CacheModeName[] = ['btf-tracepoint', 'tracepoint'];

/**
 * Columns of which a mode says that they are not exact, though accesses and misses are: which page a fault is for is not
 * told when those around it are mapped, and classic tracepoints do not tell of writes.
 */
export const vagueColumns = (mode: CacheModeName, pattern: string): readonly Column[] =>
  (byTracepoint.includes(mode) && /^map-(random|written)/.test(pattern)) ||
  (mode === 'tracepoint' && /^mix|^write-then/.test(pattern))
    ? ['readAhead', 'hits']
    : [];

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
