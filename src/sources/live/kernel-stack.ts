import type { Frame, Stack } from '../../domain/stack.ts';
import type { KernelSymbols } from '../../symbols/kernel-symbols.ts';
import type { RawStack } from './stacks.ts';

/** Frames of the tracing itself, which stand before the allocator's own. */
const ofTracing = /^(bpf_prog_|bpf_trace_run|__bpf_trace_|__traceiter_|bpf_get_stack|__bpf_prog)/;

/** A kernel stack with names, from the allocating function on. */
export function kernelStack(hash: bigint, raw: RawStack, symbols: KernelSymbols): Stack {
  const frames = symbols.resolve(raw.addresses);
  const last = frames.findLastIndex(isTracing);
  return {
    id: hash.toString(16).padStart(16, '0'),
    frames: frames.slice(last + 1),
    end: raw.end,
  };
}

const isTracing = (frame: Frame): boolean => frame.symbol !== null && ofTracing.test(frame.symbol);
