import { readFileSync } from 'node:fs';
import type { BlindSpot, PageCounts } from '../domain/cache-snapshot.ts';
import { Failure } from '../errors/failure.ts';
import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import {
  hugeMaps,
  mappedAround,
  mappedReads,
  memoryFileSystems,
  partialBatches,
  seesDemandOf,
  tmpfsReads,
  unseenOfMemory,
} from './blind-spots.ts';
import type { CacheProbe, CacheProbePlan, Lack } from './cache-probe.ts';

/** Programs of bpf/cache_classic.bpf.c; insertions before accesses, so that no miss is taken for a hit. */
const needed = [
  ['page_inserted', 'filemap', 'mm_filemap_add_to_page_cache'],
  ['page_evicted', 'filemap', 'mm_filemap_delete_from_page_cache'],
  ['process_replaced', 'sched', 'sched_process_exec'],
  ['thread_ended', 'sched', 'sched_process_exit'],
  ['page_fault', 'filemap', 'mm_filemap_fault'],
  ['pages_mapped', 'filemap', 'mm_filemap_map_pages'],
  ['pages_got', 'filemap', 'mm_filemap_get_pages'],
] as const;

/** Where the kernel names its tracepoints. */
const tracefs = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'] as const;

const ofDemand = [
  ['read_ahead_begins', 'readahead', 'page_cache_sync_ra'],
  ['read_ahead_goes_on', 'readahead', 'page_cache_async_ra'],
] as const;

const spots: readonly BlindSpot[] = [
  tmpfsReads,
  mappedReads,
  mappedAround,
  hugeMaps,
  partialBatches,
  {
    code: 'writes',
    text: 'writes and dirtied pages are not seen; pages that a write inserted count as filled, and as read-ahead when they are read',
  },
  {
    code: 'end-of-file',
    text: 'reads by io_uring, aio and the kernel itself that reach over the end of a file count as asked for',
  },
  {
    code: 'subvolumes',
    text: 'files of one number in different subvolumes of a btrfs are one',
  },
  {
    code: 'reused-numbers',
    text: 'a file that is given the inode number of a deleted one counts as that one, under its name',
  },
];

const unseen: readonly (keyof PageCounts)[] = ['writes', 'writeMisses', 'dirtied', 'direct'];

export const tracepoint: CacheProbe = {
  mode: 'tracepoint',
  object: 'cache_classic',
  plan,
};

function plan(kernel: KernelTypes): CacheProbePlan | Lack {
  const has = (event: string) => kernel.kernelTracepointArguments(event) !== null;
  const missing = needed.find(([, , event]) => !has(event));
  if (missing !== undefined)
    return { lacks: `no tracepoint ${missing[2]} in the kernel's BTF (6.12 has them all)` };
  const unreadable = lackOfTracefs(tracefs.map(lookInto));
  if (unreadable !== null) return unreadable;
  const demand = seesDemandOf(kernel);
  const attach = [...needed, ...(demand.sees ? ofDemand : [])].map(
    ([program, category, event]): AttachRequest => ({
      kind: 'tracepoint',
      program,
      category,
      event,
    }),
  );
  return {
    attach,
    own: [],
    targets: [],
    // Nothing can look after a long read that is over: it is counted when it begins.
    constants: { sees_demand: demand.sees ? 1 : 0, pages_ahead: 2 ** 32 },
    blindSpots: [...spots, ...demand.blindSpots],
    unseen: (fileSystem) => (memoryFileSystems.has(fileSystem) ? unseenOfMemory : unseen),
  };
}

/** The errno of reading what attaching reads; null where it can be read. */
function lookInto(directory: string): string | null {
  try {
    // Not access(), to which capabilities do not count.
    readFileSync(`${directory}/events/filemap/${needed[0][2]}/id`);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EIO';
  }
}

/** What the errors of each place mean; null where one can be read. */
export function lackOfTracefs(errors: readonly (string | null)[]): Lack | null {
  if (errors.includes(null)) return null;
  if (errors.includes('EACCES'))
    return {
      lacks: 'tracefs may not be read by this user: it takes root or CAP_DAC_READ_SEARCH',
      failure: new Failure('no-privilege', {
        missing: ['CAP_DAC_READ_SEARCH'],
        forWhat: 'reading tracefs, for cache by tracepoint,',
      }),
    };
  return {
    lacks: 'tracefs is not mounted',
    failure: new Failure('kernel-lacks', {
      feature: 'mounted tracefs',
      detail: 'it is where cache by tracepoint finds its events',
      remedy: `mount -t tracefs tracefs ${tracefs[0]}`,
    }),
  };
}
