import type { Stack } from './stack.ts';

/** Where threads begin: no frame can stand above these. */
const firstFunction =
  /^(_start(_c)?|__libc_start_main(@.*|_impl)?|__libc_start_call_main|libc_start_main_stage2|start_thread|__?clone3?|thread_start|start)$/;

/**
 * The stack as far as it can be believed. A chain of frame pointers ends in a register that holds something else: frames from
 * the first one on that lies in no mapping are no frames, and a stack that reached a thread's first function is whole.
 */
export function endOfStack(stack: Stack): Stack {
  const outside = stack.frames.findIndex((frame, i) => i > 0 && frame.module === null);
  const frames = outside < 0 ? stack.frames : stack.frames.slice(0, outside);
  const root = frames.findIndex((frame) => frame.symbol !== null && firstFunction.test(frame.symbol));
  if (root >= 0) return { ...stack, frames: frames.slice(0, root + 1), end: 'root' };
  return outside < 0 ? stack : { ...stack, frames, end: 'broken' };
}
