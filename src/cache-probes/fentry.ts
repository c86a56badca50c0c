import type { BlindSpot } from '../domain/cache-snapshot.ts';
import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import { directIo, mappedReads, sharedWaits } from './blind-spots.ts';
import type { CacheProbe, CacheProbePlan, Lack } from './cache-probe.ts';
import { fentryOfPages } from './fentry-pages.ts';
import { unseenOfMemoryFiles, writesAreSeen, writeSpot } from './file-systems.ts';
import { findFunctions, programsOf, type Programs } from './kernel-functions.ts';

/** Programs of bpf/cache_fentry.bpf.c by the function that they are set on. */
const needed = {
  read: ['read_entered', 'read_left'],
  fault: ['fault_entered'],
  mapPages: ['pages_mapped'],
} as const satisfies Programs;

const others = {
  splice: ['splice_entered', 'splice_left'],
  memorySplice: ['memory_splice_entered', 'memory_splice_left'],
  memoryFault: ['memory_fault_entered'],
  memoryRead: ['memory_read_entered', 'memory_read_left'],
  write: ['write_entered', 'write_left'],
  // It asks for its result, wherever that stands.
  iomapWrite: ['iomap_write_entered', 'iomap_write_left'],
} as const satisfies Programs;

/** By tracepoint: insertions are attached first, so that no miss is taken for a hit. */
const folios = {
  mm_filemap_add_to_page_cache: 'page_inserted',
  mm_filemap_delete_from_page_cache: 'page_evicted',
  writeback_dirty_folio: 'page_dirtied',
  sched_process_exec: 'process_replaced',
} as const;

export const fentry: CacheProbe = { mode: 'fentry', object: 'cache_fentry', plan };

function plan(kernel: KernelTypes): CacheProbePlan | Lack {
  return fentryOfPages(kernel) ?? planOfFolios(kernel);
}

function planOfFolios(kernel: KernelTypes): CacheProbePlan | Lack {
  const { has, lack } = findFunctions(kernel);
  const unfit = (Object.keys(needed) as (keyof typeof needed)[]).find((key) => !has(key));
  if (unfit !== undefined) return { lacks: lack([unfit]) };
  const hasEvent = (event: string) => kernel.kernelTracepointArguments(event) !== null;
  const missing = Object.keys(folios).find((event) => !hasEvent(event));
  if (missing !== undefined) return { lacks: `no tracepoint ${missing} in the kernel's BTF` };
  const hasDirect = hasEvent('iomap_dio_rw_begin');
  const programs = [
    ...Object.values(folios),
    ...(hasDirect ? ['direct_io'] : []),
    ...programsOf(others, has),
    ...programsOf(needed, has),
  ];
  const seen = { writes: has('write'), iomap: has('iomapWrite') };
  return {
    attach: programs.map((program): AttachRequest => ({ kind: 'trace', program })),
    own: ['refresh_files'],
    targets: [],
    // A read's begin and end are seen.
    constants: { sees_demand: 1 },
    blindSpots: [
      mappedReads,
      sharedWaits,
      ...(has('memoryRead') ? [] : [memoryReads]),
      writeSpot(seen),
      ...(hasDirect ? [] : [directIo]),
    ],
    unseen: (fileSystem) => [
      ...(fileSystem === 'tmpfs' ? unseenOfMemoryFiles : []),
      ...(fileSystem === 'tmpfs' && !has('memoryRead') ? (['accesses'] as const) : []),
      ...(hasDirect ? [] : (['direct'] as const)),
      ...(writesAreSeen(fileSystem, seen) ? [] : (['writes'] as const)),
    ],
  };
}

const memoryReads: BlindSpot = {
  code: 'tmpfs-reads',
  text: 'reads of tmpfs and shared memory are not seen: only page faults on them',
};
