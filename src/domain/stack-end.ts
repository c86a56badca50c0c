import type { Frame, Stack } from './stack.ts';

/** Where threads begin. These names are reserved: a program has no others like them. */
const firstFunction =
  /^(_start(_c)?|__libc_start_main(@.*|_impl)?|__libc_start_call_main|libc_start_main_stage2|__clone3?)$/;

/** And names that a program may use for something else, too. */
const perhapsFirst = /^(start|start_thread|thread_start|clone3?)$/;

/**
 * The stack as far as it can be believed. A chain of frame pointers ends in a register that holds something else: frames from
 * the first one on that lies in no mapping are no frames, and a stack that reached a thread's first function is whole.
 */
export function endOfStack(stack: Stack): Stack {
  const outside = stack.frames.findIndex((frame, i) => i > 0 && frame.module === null);
  const frames = outside < 0 ? stack.frames : stack.frames.slice(0, outside);
  const first = frames.findIndex((frame) => isNamed(frame, firstFunction));
  if (first >= 0) return { ...stack, frames: frames.slice(0, first + 1), end: 'root' };
  const end = outside < 0 ? stack.end : 'broken';
  const last = frames.at(-1);
  const isWhole = end === 'broken' && last !== undefined && isNamed(last, perhapsFirst);
  return { ...stack, frames, end: isWhole ? 'root' : end };
}

const isNamed = ({ symbol }: Frame, names: RegExp): boolean =>
  symbol !== null && names.test(symbol);
