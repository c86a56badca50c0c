import type { Frame, Stack } from '../../domain/stack.ts';
import type { KernelSymbols } from '../../symbols/kernel-symbols.ts';
import type { RawStack } from './stacks.ts';

/** Frames of the tracing itself, which stand before the allocator's own. */
const ofTracing = /^(bpf_prog_[0-9a-f]{16}|bpf_trace_run\d|__bpf_trace_|__traceiter_)/;
/** They are no more than this. */
const mostOfTracing = 6;

/** A kernel stack with names, from the allocating function on. */
export function kernelStack(hash: bigint, raw: RawStack, symbols: KernelSymbols): Stack {
  const frames = symbols.resolve(raw.addresses);
  const last = frames.slice(0, mostOfTracing).findLastIndex(isTracing);
  return {
    id: hash.toString(16).padStart(16, '0'),
    frames: frames.slice(last + 1),
    end: raw.end,
  };
}

const isTracing = (frame: Frame): boolean => frame.symbol !== null && ofTracing.test(frame.symbol);
