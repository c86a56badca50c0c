import { cacheProbes } from '../../../src/cache-probes/index.ts';
import type { CacheModeName } from '../../../src/domain/cache-snapshot.ts';
import type { KernelTypes } from '../../../src/native/bpf.ts';

/** An object as it is used on a kernel: a row of the check. */
export interface Form {
  readonly title: string;
  readonly mode?: CacheModeName;
  /** The object that is loaded there, after all has been asked that is asked before; or what the kernel lacks for it. */
  readonly choose: (kernel: KernelTypes) => string | { readonly lacks: string };
}

/** Tracepoints whose arguments programs of bpf/heap.bpf.c take by their place. */
const lives = ['task_newtask', 'sched_process_exec'];

/** The same of bpf/kernel.bpf.c. */
const allocations =
  'kmalloc kmalloc_node kmem_cache_alloc kmem_cache_alloc_node kfree kmem_cache_free mm_page_alloc mm_page_free percpu_alloc_percpu percpu_free_percpu'.split(
    ' ',
  );

export const forms: readonly Form[] = [
  {
    title: 'heap',
    choose: (kernel) => {
      for (const event of lives) kernel.kernelTracepointArguments(event);
      kernel.kernelMemberOffset('task_struct', 'pid');
      return 'heap';
    },
  },
  {
    title: 'kernel',
    choose: (kernel) => {
      for (const event of allocations) kernel.kernelTracepointArguments(event);
      kernel.kernelMemberOffset('kmem_cache', 'object_size');
      return 'kernel';
    },
  },
  ...cacheProbes.map(({ mode, object, plan }) => ({
    title: `cache, ${mode}`,
    mode,
    choose: (kernel: KernelTypes) => {
      const chosen = plan(kernel);
      return 'lacks' in chosen ? chosen : (chosen.object ?? object);
    },
  })),
  { title: 'residents', choose: () => 'residents' },
  { title: 'open_paths', choose: () => 'open_paths' },
];
