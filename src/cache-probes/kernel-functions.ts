import type { KernelTypes } from '../native/bpf.ts';

/** A function of the kernel, as the programs that are set on it take it. */
interface KernelFunction {
  readonly name: string;
  /** With another number of them something else would be taken for its arguments or its result. Left out: only its first are read, which have never changed. */
  readonly parameters?: number;
}

/** What the page cache is observed by, one place for all modes: which kernels have it, and with what parameters. */
const functions = {
  /** Since 5.12 (87fa0f3eb267 "mm/filemap: rename generic_file_buffered_read to filemap_read"). */
  read: { name: 'filemap_read', parameters: 3 },
  /** Before. */
  bufferedRead: { name: 'generic_file_buffered_read', parameters: 3 },
  fault: { name: 'filemap_fault', parameters: 1 },
  mapPages: { name: 'filemap_map_pages', parameters: 3 },
  /** Since 6.3 (07073eb01c5f "splice: Add a func to do a splice from a buffered file without ITER_PIPE"): before, a splice is a read. */
  splice: { name: 'filemap_splice_read', parameters: 5 },
  /** Since 6.5 ("shmem: Implement splice-read"): before, the same. */
  memorySplice: { name: 'shmem_file_splice_read', parameters: 5 },
  memoryRead: { name: 'shmem_file_read_iter', parameters: 2 },
  memoryFault: { name: 'shmem_fault', parameters: 1 },
  /** Since 5.18 (800ba29547e1 "fs: Pass an iocb to generic_perform_write()"). */
  write: { name: 'generic_perform_write', parameters: 2 },
  /** Before: of a file, at a position. */
  writeAt: { name: 'generic_perform_write', parameters: 3 },
  /** Three parameters until 6.12 (f143d1a48d6e "iomap: add a private argument for iomap_file_buffered_write"), more since. */
  iomapWrite: { name: 'iomap_file_buffered_write' },
  /** Five parameters in 5.10, seven in 6.1. */
  direct: { name: '__iomap_dio_rw' },
} as const satisfies Record<string, KernelFunction>;

export type FunctionKey = keyof typeof functions;

/** Names of programs by the function that they are set on. */
export type Programs = Readonly<Partial<Record<FunctionKey, readonly string[]>>>;

interface FoundFunctions {
  /** Whether the kernel has it, not inlined, and with the parameters that are known. */
  readonly has: (key: FunctionKey) => boolean;
  /** How many parameters it has; undefined where there is no such function. */
  readonly parametersOf: (key: FunctionKey) => number | undefined;
  /** Why none of these can be probed, where `has` none. */
  readonly lack: (keys: readonly FunctionKey[]) => string;
}

export const nameOf = (key: FunctionKey): string => functions[key].name;

export function findFunctions(kernel: KernelTypes): FoundFunctions {
  const names = new Set(Object.values(functions).map(({ name }) => name));
  const found = kernel.kernelFunctionParameters([...names]);
  const parametersOf = (key: FunctionKey) => found[functions[key].name]?.length;
  return {
    has: (key) => {
      const { parameters }: KernelFunction = functions[key];
      const there = parametersOf(key);
      return there !== undefined && (parameters ?? there) === there;
    },
    parametersOf,
    lack: (keys) => {
      const changed = keys.find((key) => parametersOf(key) !== undefined);
      if (changed === undefined)
        return `no function ${keys.map(nameOf).join(' or ')} in the kernel's BTF`;
      const { parameters }: KernelFunction = functions[changed];
      return `${nameOf(changed)}() has ${parametersOf(changed)} parameters here, not ${parameters}`;
    },
  };
}

export const programsOf = (
  programs: Programs,
  has: (key: FunctionKey) => boolean,
): readonly string[] =>
  Object.entries(programs).flatMap(([key, names]) => (has(key as FunctionKey) ? names : []));

/** By which it is told that pages turned dirty: folios since 5.16 (b9b0ff61eef5 "mm/writeback: Convert tracing writeback_page_template to folios"), pages before. */
const dirtyEvents = { folios: 'writeback_dirty_folio', pages: 'writeback_dirty_page' } as const;

/** What the page cache of this kernel is of, and the raw tracepoint of those that turn dirty; null where it has none. */
export function cacheUnitsOf(
  kernel: KernelTypes,
): { readonly units: 'folios' | 'pages'; readonly dirtied: string } | null {
  for (const units of ['folios', 'pages'] as const) {
    const dirtied = dirtyEvents[units];
    if (kernel.kernelTracepointArguments(dirtied) !== null) return { units, dirtied };
  }
  return null;
}
