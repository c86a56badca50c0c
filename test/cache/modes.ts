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

/** Patterns and the columns that a mode says are not exact for them. */
const vague: readonly (readonly [CacheModeName, RegExp, readonly Column[]])[] = [
  // Which page a fault is for is not told when those around it are mapped.
  ['btf-tracepoint', /^map-(cold|random|written)/, ['readAhead', 'hits']],
  ['tracepoint', /^map-(cold|random|written)/, ['readAhead', 'hits']],
  // Writes are not told of: what they inserted is taken for read-ahead.
  ['tracepoint', /^mix|^write-then|^copy/, ['readAhead', 'hits']],
  // Where a batch goes untold, what is written next is taken for read by the same call.
  ['btf-tracepoint', /^copy-cold/, ['writeMisses']],
];

export const vagueColumns = (mode: CacheModeName, pattern: string): readonly Column[] =>
  vague.flatMap(([of, like, columns]) => (of === mode && like.test(pattern) ? columns : []));

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
