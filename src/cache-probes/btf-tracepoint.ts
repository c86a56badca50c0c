import type { BlindSpot } from '../domain/cache-snapshot.ts';
import type { AttachRequest, KernelTypes } from '../native/bpf.ts';
import {
  hugeMaps,
  mappedAround,
  mappedReads,
  partialBatches,
  seesDemandOf,
  tmpfsReads,
  memoryFileSystems,
  unseenOfMemory,
} from './blind-spots.ts';
import type { CacheProbe, CacheProbePlan, Lack } from './cache-probe.ts';

/** Programs of bpf/cache_tracepoint.bpf.c by their tracepoint; insertions before accesses, so that no miss is taken for a hit. */
const needed = {
  mm_filemap_add_to_page_cache: 'page_inserted',
  mm_filemap_delete_from_page_cache: 'page_evicted',
  sched_process_exec: 'process_replaced',
  sched_process_exit: 'thread_ended',
  writeback_dirty_folio: 'page_dirtied',
  mm_filemap_fault: 'page_fault',
  mm_filemap_map_pages: 'pages_mapped',
  mm_filemap_get_pages: 'pages_got',
} as const;

/** Not in every kernel, or only where a file system is built in. */
const optional = {
  page_cache_sync_ra: 'read_ahead_begins',
  page_cache_async_ra: 'read_ahead_goes_on',
  io_uring_submit_req: 'request_submitted',
  iomap_dio_rw_begin: 'direct_io',
  ext4_write_begin: 'ext4_write',
  ext4_da_write_begin: 'ext4_delayed_write',
  ext4_write_end: 'ext4_written',
  ext4_da_write_end: 'ext4_delayed_written',
  ext4_journalled_write_end: 'ext4_journalled',
  xfs_file_buffered_write: 'xfs_write',
} as const;

/** Run by user space. */
const own = ['refresh_files', 'end_reads'] as const;

const always: readonly BlindSpot[] = [
  tmpfsReads,
  mappedReads,
  mappedAround,
  hugeMaps,
  partialBatches,
  {
    code: 'interrupted-reads',
    text: 'a read that a signal or an error cut short counts as asked for',
  },
  {
    code: 'io-uring-misses',
    text: 'reads by io_uring that had to wait count as read-ahead, or twice where a worker thread goes on with them',
  },
];

const withWrites: Readonly<Record<string, string>> = {
  ext4: 'ext4_da_write_begin',
  ext3: 'ext4_da_write_begin',
  ext2: 'ext4_da_write_begin',
  xfs: 'xfs_file_buffered_write',
};

export const btfTracepoint: CacheProbe = {
  mode: 'btf-tracepoint',
  object: 'cache_tracepoint',
  plan,
};

function plan(kernel: KernelTypes): CacheProbePlan | Lack {
  const has = (tracepoint: string) => kernel.kernelTracepointArguments(tracepoint) !== null;
  const missing = Object.keys(needed).find((tracepoint) => !has(tracepoint));
  if (missing !== undefined) {
    return { lacks: `no tracepoint ${missing} in the kernel's BTF (6.12 has them all)` };
  }
  const found = Object.entries(optional).filter(([tracepoint]) => has(tracepoint));
  const there = new Set(found.map(([tracepoint]) => tracepoint));
  const attach = [...Object.values(needed), ...found.map(([, program]) => program)].map(
    (program): AttachRequest => ({ kind: 'trace', program }),
  );
  const demand = seesDemandOf(kernel);
  const writers = Object.keys(withWrites).filter((name) => there.has(withWrites[name] ?? ''));
  return {
    attach,
    own,
    targets: [],
    constants: { sees_demand: demand.sees ? 1 : 0 },
    blindSpots: [...always, writeSpot(writers), ...demand.blindSpots],
    unseen: (fileSystem) => {
      if (memoryFileSystems.has(fileSystem)) return unseenOfMemory;
      const direct = there.has('iomap_dio_rw_begin') ? [] : (['direct'] as const);
      return writers.includes(fileSystem) ? direct : ['writes', ...direct];
    },
  };
}

function writeSpot(writers: readonly string[]): BlindSpot {
  const seen = writers.filter((name) => !/^ext[23]$/.test(name));
  return {
    code: 'writes',
    text:
      seen.length > 0
        ? `writes are seen on ${seen.join(' and ')} only: other file systems have no tracepoint for them`
        : 'writes are not seen: the file systems of this kernel have no tracepoint for them that BTF tells of',
  };
}
