import type { BlindSpot } from '../domain/cache-snapshot.ts';
import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import { directIo, mappedReads, ofAnyKernel, sharedWaits } from './blind-spots.ts';
import type { CacheProbe, CacheProbePlan, Lack } from './cache-probe.ts';
import { unseenOfMemoryFiles, writesAreSeen, writeSpot } from './file-systems.ts';
import { cacheUnitsOf, findFunctions, nameOf, type FunctionKey } from './kernel-functions.ts';

/** Programs of bpf/cache_kprobe.bpf.c at the entry of a function, and at its return. */
type EntryAndReturn = readonly [entered: string, left?: string];

const read: EntryAndReturn = ['read_entered', 'read_left'];
const needed = {
  read,
  bufferedRead: read,
  fault: ['page_fault'],
  mapPages: ['pages_mapped'],
} as const satisfies Partial<Record<FunctionKey, EntryAndReturn>>;

const others = {
  splice: ['splice_entered', 'read_left'],
  memorySplice: ['splice_entered', 'read_left'],
  memoryRead: ['memory_read_entered', 'read_left'],
  memoryFault: ['page_fault'],
  write: ['write_entered', 'write_left'],
  writeAt: ['write_at_entered', 'write_left'],
  iomapWrite: ['write_entered', 'write_left'],
  direct: ['direct_io'],
} as const satisfies Partial<Record<FunctionKey, EntryAndReturn>>;

/** One of each. */
const indispensable = [['read', 'bufferedRead'], ['fault'], ['mapPages']] as const;

/** Insertions are attached first, so that no miss is taken for a hit. */
const events = [
  ['page_inserted', 'mm_filemap_add_to_page_cache'],
  ['page_evicted', 'mm_filemap_delete_from_page_cache'],
  ['process_replaced', 'sched_process_exec'],
] as const;

export const kprobe: CacheProbe = { mode: 'kprobe', object: 'cache_kprobe', plan };

function plan(kernel: KernelTypes): CacheProbePlan | Lack {
  const { has, lack } = findFunctions(kernel);
  const lacking = indispensable.find((keys) => !keys.some(has));
  if (lacking !== undefined) return { lacks: lack(lacking) };
  const missing = events.find(([, event]) => kernel.kernelTracepointArguments(event) === null);
  if (missing !== undefined) return { lacks: `no tracepoint ${missing[1]} in the kernel's BTF` };
  const dirtied = cacheUnitsOf(kernel)?.dirtied;
  const programs = Object.entries({ ...others, ...needed }) as [FunctionKey, EntryAndReturn][];
  const seen = { writes: has('write') || has('writeAt'), iomap: has('iomapWrite') };
  return {
    attach: [
      ...events.map(([program, event]) => rawTracepoint(program, event)),
      ...(dirtied === undefined ? [] : [rawTracepoint('page_dirtied', dirtied)]),
      ...programs.flatMap(([key, each]) => (has(key) ? probes(nameOf(key), each) : [])),
    ],
    own: [],
    targets: [],
    // A read's begin and end are seen.
    constants: { sees_demand: 1 },
    blindSpots: [...always, writeSpot(seen), ...(has('direct') ? [] : [directIo])],
    unseen: (fileSystem) => [
      ...(has('direct') ? [] : (['direct'] as const)),
      ...(dirtied === undefined ? (['dirtied'] as const) : []),
      ...(fileSystem === 'tmpfs' ? unseenOfMemoryFiles : []),
      ...(fileSystem === 'tmpfs' && !has('memoryRead') ? (['accesses'] as const) : []),
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
const probes = (name: string, [entered, left]: EntryAndReturn): AttachRequest[] => [
  ...(left === undefined
    ? []
    : [{ kind: 'kprobe', program: left, function: name, atReturn: true } as const]),
  { kind: 'kprobe', program: entered, function: name },
];

const always: readonly BlindSpot[] = [
  mappedReads,
  sharedWaits,
  {
    // 6.2 (3b7ddab8a19a "kprobes: kretprobe events missing on 2-core KVM guest"), and stable kernels before. A perf event cannot ask for more.
    code: 'return-probes',
    text: 'the kernel has room for so many calls of a function that are under way at once: two for each CPU and at least ten, before 6.2 without preemption one for each CPU; reads and writes beyond go uncounted',
  },
  ...ofAnyKernel,
];
