import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import { directIo, mappedReads, ofAnyKernel, sharedWaits } from './blind-spots.ts';
import type { CacheProbePlan } from './cache-probe.ts';
import { unseenOfMemoryFiles, writesAreSeen, writeSpot } from './file-systems.ts';

/** Programs of bpf/cache_fentry_pages.bpf.c for a function with the number of parameters that they were written for. */
interface ProbedFunction {
  readonly parameters: number;
  readonly programs: readonly string[];
}

/** It took the other's place in 5.12. */
const readers = ['filemap_read', 'generic_file_buffered_read'] as const;
const read: ProbedFunction = { parameters: 3, programs: ['read_entered', 'read_left'] };

const needed = {
  filemap_fault: { parameters: 1, programs: ['fault_entered'] },
  filemap_map_pages: { parameters: 3, programs: ['pages_mapped'] },
} as const satisfies Record<string, ProbedFunction>;

const optional = {
  shmem_file_read_iter: { parameters: 2, programs: ['memory_read_entered', 'memory_read_left'] },
  shmem_fault: { parameters: 1, programs: ['memory_fault_entered'] },
  generic_perform_write: { parameters: 3, programs: ['write_entered', 'write_left'] },
  iomap_file_buffered_write: {
    parameters: 3,
    programs: ['iomap_write_entered', 'iomap_write_left'],
  },
} as const satisfies Record<string, ProbedFunction>;

/** Its first parameters have never changed; of more than six a trampoline cannot be made. */
const direct = '__iomap_dio_rw';
const mostParameters = 6;

/** Insertions are attached first, so that no miss is taken for a hit. */
const events = [
  ['page_inserted', 'mm_filemap_add_to_page_cache'],
  ['page_evicted', 'mm_filemap_delete_from_page_cache'],
  ['page_dirtied', 'writeback_dirty_page'],
  ['process_replaced', 'sched_process_exec'],
] as const;

/** Where the page cache is of pages, before 5.16 (3f0c6a07fee6 "mm/filemap: Add filemap_add_folio()"); null elsewhere. */
export function fentryOfPages(kernel: KernelTypes): CacheProbePlan | null {
  const added = kernel.kernelTracepointArguments('mm_filemap_add_to_page_cache')?.[0];
  if (added !== 'struct page *') return null;
  const found = kernel.kernelFunctionParameters([
    ...readers,
    ...Object.keys(needed),
    ...Object.keys(optional),
    direct,
  ]);
  const fits = (name: string, { parameters }: ProbedFunction) => found[name]?.length === parameters;
  const reader = readers.find((name) => fits(name, read));
  if (reader === undefined) return null;
  if (!Object.entries(needed).every(([name, each]) => fits(name, each))) return null;
  if (!events.every(([, event]) => kernel.kernelTracepointArguments(event) !== null)) return null;
  const has = (name: keyof typeof optional) => fits(name, optional[name]);
  const hasDirect = (found[direct]?.length ?? Infinity) <= mostParameters;
  const seen = { writes: has('generic_perform_write'), iomap: has('iomap_file_buffered_write') };
  const programs = [
    ...(hasDirect ? ['direct_io'] : []),
    ...Object.entries(optional).flatMap(([name, each]) => (fits(name, each) ? each.programs : [])),
    ...read.programs,
    ...Object.values(needed).flatMap((each) => each.programs),
  ];
  return {
    object: 'cache_fentry_pages',
    attach: [
      ...events.map(([program, event]): AttachRequest => ({
        kind: 'raw-tracepoint',
        program,
        event,
      })),
      ...programs.map((program): AttachRequest => ({ kind: 'trace', program })),
    ],
    own: [],
    targets: read.programs.map((program) => ({ program, function: reader })),
    // A read's begin and end are seen.
    constants: { sees_demand: 1 },
    blindSpots: [
      mappedReads,
      sharedWaits,
      ...ofAnyKernel,
      writeSpot(seen),
      ...(hasDirect ? [] : [directIo]),
    ],
    unseen: (fileSystem) => [
      ...(hasDirect ? [] : (['direct'] as const)),
      ...(fileSystem === 'tmpfs' ? unseenOfMemoryFiles : []),
      ...(fileSystem === 'tmpfs' && !has('shmem_file_read_iter') ? (['accesses'] as const) : []),
      ...(writesAreSeen(fileSystem, seen) ? [] : (['writes'] as const)),
    ],
  };
}
