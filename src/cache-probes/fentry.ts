import type { BlindSpot } from '../domain/cache-snapshot.ts';
import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import { directIo, mappedReads, sharedWaits } from './blind-spots.ts';
import type { CacheProbe, CacheProbePlan } from './cache-probe.ts';
import { fentryOfPages } from './fentry-pages.ts';
import { unseenOfMemoryFiles, writesAreSeen, writeSpot } from './file-systems.ts';

interface ProbedFunction {
  readonly name: string;
  /** That the programs were written for: with another one, fexit would take something else for the result. */
  readonly parameters: number;
  readonly programs: readonly string[];
}

/** Programs of bpf/cache_fentry.bpf.c. */
const reads: readonly ProbedFunction[] = [
  { name: 'filemap_read', parameters: 3, programs: ['read_entered', 'read_left'] },
  { name: 'filemap_fault', parameters: 1, programs: ['fault_entered'] },
  { name: 'filemap_map_pages', parameters: 3, programs: ['pages_mapped'] },
];

const others = {
  splice: {
    name: 'filemap_splice_read',
    parameters: 5,
    programs: ['splice_entered', 'splice_left'],
  },
  memorySplice: {
    name: 'shmem_file_splice_read',
    parameters: 5,
    programs: ['memory_splice_entered', 'memory_splice_left'],
  },
  memoryFault: {
    name: 'shmem_fault',
    parameters: 1,
    programs: ['memory_fault_entered'],
  },
  memory: {
    name: 'shmem_file_read_iter',
    parameters: 2,
    programs: ['memory_read_entered', 'memory_read_left'],
  },
  writes: {
    name: 'generic_perform_write',
    parameters: 2,
    programs: ['write_entered', 'write_left'],
  },
} as const satisfies Record<string, ProbedFunction>;

/** Asks for its result, wherever it stands: any number of parameters will do. */
const iomapWrite = 'iomap_file_buffered_write';
const iomapPrograms = ['iomap_write_entered', 'iomap_write_left'];

/** By tracepoint: insertions are attached first, so that no miss is taken for a hit. */
const folios = {
  mm_filemap_add_to_page_cache: 'page_inserted',
  mm_filemap_delete_from_page_cache: 'page_evicted',
  writeback_dirty_folio: 'page_dirtied',
  sched_process_exec: 'process_replaced',
} as const;

export const fentry: CacheProbe = { mode: 'fentry', object: 'cache_fentry', plan };

function plan(kernel: KernelTypes): CacheProbePlan | { readonly lacks: string } {
  return fentryOfPages(kernel) ?? planOfFolios(kernel);
}

function planOfFolios(kernel: KernelTypes): CacheProbePlan | { readonly lacks: string } {
  const found = kernel.kernelFunctionParameters([
    ...[...reads, ...Object.values(others)].map(({ name }) => name),
    iomapWrite,
  ]);
  const fits = ({ name, parameters }: ProbedFunction) => found[name]?.length === parameters;
  const unfit = reads.find((each) => !fits(each));
  if (unfit !== undefined) {
    const there = found[unfit.name]?.length;
    return {
      lacks:
        there === undefined
          ? `no function ${unfit.name} in the kernel's BTF`
          : `${unfit.name}() has ${there} parameters here, not ${unfit.parameters}`,
    };
  }
  const argument = (event: string) => kernel.kernelTracepointArguments(event)?.[0];
  const missing = Object.keys(folios).find((event) => argument(event) === undefined);
  if (missing !== undefined) return { lacks: `no tracepoint ${missing} in the kernel's BTF` };
  const isSeen = (which: keyof typeof others) => fits(others[which]);
  const hasIomap = found[iomapWrite] !== undefined;
  const hasDirect = argument('iomap_dio_rw_begin') !== undefined;
  const programs = [
    ...Object.values(folios),
    ...(hasDirect ? ['direct_io'] : []),
    ...Object.values(others)
      .filter(fits)
      .flatMap((each) => each.programs),
    ...(hasIomap ? iomapPrograms : []),
    ...reads.flatMap((each) => each.programs),
  ];
  return {
    attach: programs.map((program): AttachRequest => ({ kind: 'trace', program })),
    own: ['refresh_files'],
    targets: [],
    // A read's begin and end are seen.
    constants: { sees_demand: 1 },
    blindSpots: [...spots(isSeen, hasIomap), ...(hasDirect ? [] : [directIo])],
    unseen: (fileSystem) => [
      ...(fileSystem === 'tmpfs' ? unseenOfMemoryFiles : []),
      ...(fileSystem === 'tmpfs' && !isSeen('memory') ? (['accesses'] as const) : []),
      ...(hasDirect ? [] : (['direct'] as const)),
      ...(writesAreSeen(fileSystem, { writes: isSeen('writes'), iomap: hasIomap })
        ? []
        : (['writes'] as const)),
    ],
  };
}

function spots(
  isSeen: (which: keyof typeof others) => boolean,
  hasIomap: boolean,
): readonly BlindSpot[] {
  return [
    mappedReads,
    sharedWaits,
    ...(isSeen('memory')
      ? []
      : [
          {
            code: 'tmpfs-reads',
            text: 'reads of tmpfs and shared memory are not seen: only page faults on them',
          },
        ]),
    writeSpot({ writes: isSeen('writes'), iomap: hasIomap }),
  ];
}
