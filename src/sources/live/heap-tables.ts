import { bytes, type Bytes } from '../../domain/units.ts';
import type { BpfObject } from '../../native/bpf.ts';
import { tablesMayGrow } from './growing-tables.ts';
import type { LeakSessionRequest } from './request.ts';

const defaultBlocks = 2 ** 21;
const blocksTakenAtOnce = 2 ** 19;
const threadsTakenAtOnce = 2 ** 13;
/** Sites beside stacks: each fork child has sites of its own for the stacks that it shares. */
const sitesPerStack = 4;

/** Entries of the tables of bpf/heap.bpf.c that are sized by the request. */
interface HeapTables {
  /** Their memory is taken at once. */
  readonly preallocated: boolean;
  readonly entries: Readonly<Record<'live_blocks' | 'stacks' | 'sites', number>>;
}

/** Tables that may not grow are taken whole, and smaller. */
function heapTables({ maxBlocks, stackStorageSize }: LeakSessionRequest): HeapTables {
  const preallocated = !tablesMayGrow();
  const isDefault = maxBlocks === defaultBlocks;
  return {
    preallocated,
    entries: {
      live_blocks: preallocated && isDefault ? blocksTakenAtOnce : maxBlocks,
      stacks: stackStorageSize,
      sites: stackStorageSize * sitesPerStack,
    },
  };
}

/** Sizes the tables, before load(). */
export function sizeTables(object: BpfObject, request: LeakSessionRequest): void {
  const { preallocated, entries } = heapTables(request);
  for (const [map, count] of Object.entries(entries)) object.setMaxEntries(map, count);
  if (!preallocated) return;
  object.setMaxEntries('threads', threadsTakenAtOnce);
  const growing = [...Object.keys(entries), 'lost_sites', 'threads', 'probe_places'];
  for (const map of growing) object.preallocate(map);
}

// Of a hash: 16 bytes a bucket at once, and an element (48 bytes of its own) at once or as it comes.
const bucketBytes = 16;
const elementBytes = { live_blocks: 96, stacks: 1088, sites: 256 } as const;
const fixedBytes = 8 << 20;
const threadBytes = 1280;

/** The most that the tables can take. */
export function mostKernelMemory(request: LeakSessionRequest): Bytes {
  const { preallocated, entries } = heapTables(request);
  const tables = (['live_blocks', 'stacks', 'sites'] as const).map(
    (map) =>
      2 ** Math.ceil(Math.log2(entries[map])) * bucketBytes + entries[map] * elementBytes[map],
  );
  const threads = preallocated ? threadsTakenAtOnce * threadBytes : 0;
  return bytes(tables.reduce((sum, each) => sum + each, fixedBytes + threads));
}
