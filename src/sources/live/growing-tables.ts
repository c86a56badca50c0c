import { bpf } from '../../native/bpf.ts';

/**
 * Whether tables of tracing programs may grow: from 6.1 on, out of memory that is kept for BPF (7c8199e24fa0 "bpf: Introduce
 * any context BPF specific memory allocator"). Before, the kernel warns of it in its log (and panics with panic_on_warn).
 */
export const tablesMayGrow = (): boolean =>
  Object.keys(bpf().kernelFunctionParameters(['bpf_mem_alloc_init'])).length > 0;
