import type { BlindSpot, PageCounts } from '../domain/cache-snapshot.ts';
import type { KernelTypes } from '../native/bpf.ts';

/** What every mode that goes by tracepoints cannot see. */
export const tmpfsReads: BlindSpot = {
  code: 'tmpfs-reads',
  text: 'reads and writes of tmpfs and shared memory have no tracepoint: of page faults, only those that read what is there',
};

export const mappedReads: BlindSpot = {
  code: 'mapped-reads',
  text: 'accesses to pages that are mapped already make no page fault: no kernel tells of them',
};

export const directIo: BlindSpot = {
  code: 'direct-io',
  text: 'direct reads and writes are not seen: they pass by the page cache',
};

/** Of programs that any kernel takes, from 5.10 on. */
export const ofAnyKernel: readonly BlindSpot[] = [
  {
    code: 'same-block',
    text: 'threads on several CPUs that read the same 256 KiB of a file at one moment may take read-ahead for hits',
  },
  {
    code: 'residency',
    text: 'how much of a file is cached is not read in this mode (memtrace file tells)',
  },
];

export const mappedAround: BlindSpot = {
  code: 'mapped-around',
  text: 'a page fault maps the cached pages around its own, and does not tell which is its own: it counts as read-ahead where read-ahead brought any of them',
};

export const hugeMaps: BlindSpot = {
  code: 'huge-maps',
  text: 'a page fault that maps a whole huge page (2 MiB) at once has no tracepoint',
};

export const partialBatches: BlindSpot = {
  code: 'partial-batches',
  text: 'reads by io_uring and by kernel threads: pages of a batch whose last folio was still on its way go uncounted',
};

export const sharedWaits: BlindSpot = {
  code: 'shared-waits',
  text: 'threads that wait for the same pages at once: who goes on first has them as read-ahead, who asked for them as hits',
};

/** Of these, only page faults are told. */
export const memoryFileSystems = new Set(['tmpfs', 'devtmpfs', 'ramfs', 'hugetlbfs']);

export const unseenOfMemory: readonly (keyof PageCounts)[] = [
  'accesses',
  'misses',
  'readAhead',
  'writes',
  'writeMisses',
  'dirtied',
  'filled',
  'refaulted',
  'direct',
];

/** Its arguments, by which it is known what the last one is. */
const demandArguments = 4;

/** Whether it is told which pages a read asks for (6.18, "readahead: add trace points"), so that read-ahead for it is told from that of fadvise() and madvise(). */
export function seesDemandOf(kernel: KernelTypes): {
  readonly sees: boolean;
  readonly blindSpots: readonly BlindSpot[];
} {
  const events = ['page_cache_sync_ra', 'page_cache_async_ra'];
  const sees = events.every(
    (event) => kernel.kernelTracepointArguments(event)?.length === demandArguments,
  );
  return {
    sees,
    blindSpots: sees
      ? []
      : [
          sharedWaits,
          {
            code: 'advised-pages',
            text: 'pages that fadvise(), madvise() or readahead() brought in for the next read of the same thread count as misses',
          },
        ],
  };
}
