import type { BlindSpot } from '../domain/cache-snapshot.ts';
import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import { directIo, mappedReads, ofAnyKernel, sharedWaits } from './blind-spots.ts';
import type { CacheProbe, CacheProbePlan } from './cache-probe.ts';
import { unseenOfMemoryFiles, writesAreSeen, writeSpot } from './file-systems.ts';

/** A function by the number of its parameters, and the programs of bpf/cache_kprobe.bpf.c at its entry and its return. */
interface ProbedFunction {
  readonly name: string;
  /** None: their number does not matter, the first ones have never changed. */
  readonly parameters?: number;
  readonly entered: string;
  readonly left?: string;
}

/** Of each list the first that the kernel has: functions that took over from each other. */
const reads: readonly ProbedFunction[] = [
  { name: 'filemap_read', parameters: 3, entered: 'read_entered', left: 'read_left' },
  { name: 'generic_file_buffered_read', parameters: 3, entered: 'read_entered', left: 'read_left' },
];
const faults: readonly ProbedFunction[] = [
  { name: 'filemap_fault', parameters: 1, entered: 'page_fault' },
];
const mapped: readonly ProbedFunction[] = [
  { name: 'filemap_map_pages', parameters: 3, entered: 'pages_mapped' },
];
const writes: readonly ProbedFunction[] = [
  { name: 'generic_perform_write', parameters: 2, entered: 'write_entered', left: 'write_left' },
  { name: 'generic_perform_write', parameters: 3, entered: 'write_at_entered', left: 'write_left' },
];
const direct: readonly ProbedFunction[] = [
  { name: '__iomap_dio_rw', entered: 'direct_io' },
  { name: 'iomap_dio_rw', entered: 'direct_io' },
];
const iomap: readonly ProbedFunction[] = [
  { name: 'iomap_file_buffered_write', entered: 'write_entered', left: 'write_left' },
];
const memory: readonly ProbedFunction[] = [
  {
    name: 'shmem_file_read_iter',
    parameters: 2,
    entered: 'memory_read_entered',
    left: 'read_left',
  },
];
const memoryFaults: readonly ProbedFunction[] = [
  { name: 'shmem_fault', parameters: 1, entered: 'page_fault' },
];
/** Without them a splice() is a read. */
const splices: readonly (readonly ProbedFunction[])[] = [
  [{ name: 'filemap_splice_read', parameters: 5, entered: 'splice_entered', left: 'read_left' }],
  [{ name: 'shmem_file_splice_read', parameters: 5, entered: 'splice_entered', left: 'read_left' }],
];

const needed = [reads, faults, mapped];
const others = [...splices, memory, memoryFaults, writes, iomap, direct];
const all = [...needed, ...others].flat();

/** Insertions are attached first, so that no miss is taken for a hit. */
const events = [
  ['page_inserted', 'mm_filemap_add_to_page_cache'],
  ['page_evicted', 'mm_filemap_delete_from_page_cache'],
  ['process_replaced', 'sched_process_exec'],
] as const;

/** Their names with folios, and with pages. */
const dirtyEvents = ['writeback_dirty_folio', 'writeback_dirty_page'] as const;

export const kprobe: CacheProbe = { mode: 'kprobe', object: 'cache_kprobe', plan };

function plan(kernel: KernelTypes): CacheProbePlan | { readonly lacks: string } {
  const parameters = kernel.kernelFunctionParameters(all.map(({ name }) => name));
  const found = (list: readonly ProbedFunction[]) =>
    list.find(
      (one) =>
        parameters[one.name] !== undefined &&
        (one.parameters === undefined || parameters[one.name]?.length === one.parameters),
    );
  const lacking = needed.find((list) => found(list) === undefined);
  if (lacking !== undefined) {
    const names = lacking.map(({ name }) => name).join(' or ');
    return {
      lacks: `no function ${names} in the kernel's BTF that takes what it is known to take`,
    };
  }
  const has = (event: string) => kernel.kernelTracepointArguments(event) !== null;
  const missing = events.find(([, event]) => !has(event));
  if (missing !== undefined) return { lacks: `no tracepoint ${missing[1]} in the kernel's BTF` };
  const dirty = dirtyEvents.find(has);
  const functions = [...others, ...needed].flatMap((list) => found(list) ?? []);
  const seen = {
    writes: found(writes) !== undefined,
    iomap: found(iomap) !== undefined,
    direct: found(direct) !== undefined,
  };
  return {
    attach: [
      ...events.map(([program, event]) => rawTracepoint(program, event)),
      ...(dirty === undefined ? [] : [rawTracepoint('page_dirtied', dirty)]),
      ...functions.flatMap(probes),
    ],
    own: [],
    targets: [],
    // A read's begin and end are seen.
    constants: { sees_demand: 1 },
    blindSpots: [...always, writeSpot(seen), ...(seen.direct ? [] : [directIo])],
    unseen: (fileSystem) => [
      ...(seen.direct ? [] : (['direct'] as const)),
      ...(dirty === undefined ? (['dirtied'] as const) : []),
      ...(fileSystem === 'tmpfs' ? unseenOfMemoryFiles : []),
      ...(fileSystem === 'tmpfs' && found(memory) === undefined ? (['accesses'] as const) : []),
      ...(writesAreSeen(fileSystem, seen) ? [] : (['writes'] as const)),
    ],
  };
}

const rawTracepoint = (program: string, event: string): AttachRequest => ({
  kind: 'raw-tracepoint',
  program,
  event,
});

/** The return first: a call that is entered is seen to its end. */
const probes = ({ name, entered, left }: ProbedFunction): AttachRequest[] => [
  ...(left === undefined
    ? []
    : [{ kind: 'kprobe', program: left, function: name, atReturn: true } as const]),
  { kind: 'kprobe', program: entered, function: name },
];

const always: readonly BlindSpot[] = [
  mappedReads,
  sharedWaits,
  {
    code: 'return-probes',
    text: 'the kernel keeps room for two calls of a function on each CPU, at least ten: reads and writes beyond, all under way at once, go uncounted',
  },
  ...ofAnyKernel,
];
