import { Failure } from '../../errors/failure.ts';
import { bpf, openObject, type BpfObject } from '../../native/bpf.ts';
import { requireKernelTypes } from './kernel-types.ts';
import type { LeakSessionRequest } from './request.ts';

/** A program of bpf/kernel.bpf.c and the tracepoint that it is for. */
export interface KernelProbe {
  readonly program: string;
  readonly category: 'kmem' | 'percpu';
  readonly event: string;
}

const probes: readonly KernelProbe[] = [
  { program: 'kmalloc_made', category: 'kmem', event: 'kmalloc' },
  { program: 'kmalloc_node_made', category: 'kmem', event: 'kmalloc_node' },
  { program: 'cache_made', category: 'kmem', event: 'kmem_cache_alloc' },
  { program: 'cache_node_made', category: 'kmem', event: 'kmem_cache_alloc_node' },
  { program: 'kmalloc_freed', category: 'kmem', event: 'kfree' },
  { program: 'cache_freed', category: 'kmem', event: 'kmem_cache_free' },
  { program: 'pages_made', category: 'kmem', event: 'mm_page_alloc' },
  { program: 'pages_freed', category: 'kmem', event: 'mm_page_free' },
  { program: 'percpu_made', category: 'percpu', event: 'percpu_alloc_percpu' },
  { program: 'percpu_freed', category: 'percpu', event: 'percpu_free_percpu' },
];

const maxSize = 2n ** 64n - 1n;
const defaultUserBlocks = 2 ** 21;
const defaultKernelBlocks = 2 ** 18;
/** Arguments of percpu_alloc_percpu() where its call site comes first. */
const percpuArgumentsWithSite = 10;

/** Whether its arguments are (call site, address, cache, ...). */
const givesCache = (event: string): boolean =>
  bpf().kernelTracepointArguments(event)?.[2] === 'struct kmem_cache *';

/** The tables of kernel mode are taken whole at the start: programs that run inside the allocator cannot ask it for memory. */
export const kernelBlocks = (request: LeakSessionRequest): number =>
  request.maxBlocks === defaultUserBlocks ? defaultKernelBlocks : request.maxBlocks;

/** The tracepoints that this kernel has, of those asked for. Errors: Failure `kernel-lacks`. */
export function kernelProbes(request: LeakSessionRequest): KernelProbe[] {
  requireKernelTypes('the arguments of the kmem tracepoints cannot be told');
  const percpu = request.target.kind === 'kernel' && request.target.percpu;
  const wanted = probes.filter((probe) => percpu || probe.category !== 'percpu');
  const found = wanted.filter((probe) => bpf().kernelTracepointArguments(probe.event) !== null);
  if (!found.some((probe) => probe.event === 'kmalloc')) {
    throw new Failure('kernel-lacks', {
      feature: 'tracepoint kmalloc in its BTF',
      detail: 'its own allocations are told by it',
    });
  }
  return found;
}

export const openKernelObject = (): BpfObject => openObject('kernel');

/** Sets the object up for this kernel and this request; returns what is to be attached after load(). */
export function configure(object: BpfObject, request: LeakSessionRequest): KernelProbe[] {
  const chosen = kernelProbes(request);
  for (const probe of probes) object.chooseProgram(probe.program, chosen.includes(probe));
  object.setConstant('min_size_bytes', BigInt(request.minSize));
  object.setConstant(
    'max_size_bytes',
    Number.isFinite(request.maxSize) ? BigInt(request.maxSize) : maxSize,
  );
  object.setConstant('sample_every', request.sampleRate);
  object.setConstant('max_stack_depth', request.maxStackDepth);
  object.setConstant(
    'frees_are_missed',
    request.target.kind === 'kernel' && request.target.missingFreeWorkaround ? 1 : 0,
  );
  object.setConstant('kmalloc_gives_cache', givesCache('kmalloc') ? 1 : 0);
  if (givesCache('kmem_cache_alloc')) {
    object.setConstant('gives_cache', 1);
    const offset = bpf().kernelMemberOffset('kmem_cache', 'size');
    if (offset === null) {
      throw new Failure('kernel-lacks', {
        feature: 'struct kmem_cache in its BTF',
        detail: 'the sizes of slab objects cannot be told',
      });
    }
    object.setConstant('cache_size_offset', offset);
  }
  const percpuArguments = bpf().kernelTracepointArguments('percpu_alloc_percpu') ?? [];
  object.setConstant(
    'percpu_first_argument',
    percpuArguments.length >= percpuArgumentsWithSite ? 1 : 0,
  );
  object.setMaxEntries('live_blocks', kernelBlocks(request));
  object.setMaxEntries('stacks', request.stackStorageSize);
  object.setMaxEntries('sites', request.stackStorageSize);
  for (const map of ['live_blocks', 'stacks', 'sites', 'lost_sites']) object.preallocate(map);
  return chosen;
}
