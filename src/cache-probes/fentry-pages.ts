import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import { directIo, mappedReads, ofAnyKernel, sharedWaits } from './blind-spots.ts';
import type { CacheProbePlan } from './cache-probe.ts';
import { unseenOfMemoryFiles, writesAreSeen, writeSpot } from './file-systems.ts';
import {
  cacheUnitsOf,
  findFunctions,
  nameOf,
  programsOf,
  type FunctionKey,
  type Programs,
} from './kernel-functions.ts';

/** Programs of bpf/cache_fentry_pages.bpf.c by the function that they are set on. */
const needed = {
  fault: ['fault_entered'],
  mapPages: ['pages_mapped'],
} as const satisfies Programs;

const read = ['read_entered', 'read_left'] as const;

const others = {
  memoryRead: ['memory_read_entered', 'memory_read_left'],
  memoryFault: ['memory_fault_entered'],
  writeAt: ['write_entered', 'write_left'],
  iomapWrite: ['iomap_write_entered', 'iomap_write_left'],
  direct: ['direct_io'],
} as const satisfies Programs;

/** Its result is taken from behind them. */
const iomapWriteParameters = 3;
/** Of more a trampoline cannot be made. */
const mostParameters = 6;

/** Insertions are attached first, so that no miss is taken for a hit. */
const events = [
  ['page_inserted', 'mm_filemap_add_to_page_cache'],
  ['page_evicted', 'mm_filemap_delete_from_page_cache'],
  ['process_replaced', 'sched_process_exec'],
] as const;

/** Where the page cache is of pages; null elsewhere, and where something is missing. */
export function fentryOfPages(kernel: KernelTypes): CacheProbePlan | null {
  const cache = cacheUnitsOf(kernel);
  if (cache?.units !== 'pages') return null;
  const found = findFunctions(kernel);
  const reader = (['read', 'bufferedRead'] as const).find(found.has);
  if (reader === undefined || !found.has('fault') || !found.has('mapPages')) return null;
  if (!events.every(([, event]) => kernel.kernelTracepointArguments(event) !== null)) return null;
  const has = (key: FunctionKey) =>
    found.has(key) &&
    (key !== 'iomapWrite' || found.parametersOf(key) === iomapWriteParameters) &&
    (found.parametersOf(key) ?? 0) <= mostParameters;
  const seen = { writes: has('writeAt'), iomap: has('iomapWrite') };
  const programs = [...programsOf(others, has), ...read, ...programsOf(needed, has)];
  return {
    object: 'cache_fentry_pages',
    attach: [
      ...[...events, ['page_dirtied', cache.dirtied] as const].map(
        ([program, event]): AttachRequest => ({ kind: 'raw-tracepoint', program, event }),
      ),
      ...programs.map((program): AttachRequest => ({ kind: 'trace', program })),
    ],
    own: [],
    targets: read.map((program) => ({ program, function: nameOf(reader) })),
    // A read's begin and end are seen.
    constants: { sees_demand: 1 },
    blindSpots: [
      mappedReads,
      sharedWaits,
      ...ofAnyKernel,
      writeSpot(seen),
      ...(has('direct') ? [] : [directIo]),
    ],
    unseen: (fileSystem) => [
      ...(has('direct') ? [] : (['direct'] as const)),
      ...(fileSystem === 'tmpfs' ? unseenOfMemoryFiles : []),
      ...(fileSystem === 'tmpfs' && !has('memoryRead') ? (['accesses'] as const) : []),
      ...(writesAreSeen(fileSystem, seen) ? [] : (['writes'] as const)),
    ],
  };
}
