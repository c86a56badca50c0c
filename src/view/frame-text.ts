import type { Frame, Stack } from '../domain/stack.ts';

const hex = (n: number | bigint): string => `0x${n.toString(16)}`;

/** memleak's form: `name+0x1f [module]`; `[unknown]` with what is known of the place. */
export function frameText(frame: Frame): string {
  const { symbol, module, offset, address } = frame;
  if (symbol !== null)
    return `${symbol}${frame.inlined === true ? '' : `+${hex(offset)}`} [${module ?? 'unknown'}]`;
  if (module === null || module === 'jit' || offset === 0) {
    return `[unknown] [${module === null ? '' : `${module} `}${hex(address)}]`;
  }
  return `[unknown] [${module}+${hex(offset)}]`;
}

/** `file.c:12`, or empty. */
export function lineText(frame: Frame): string {
  if (frame.file === undefined) return '';
  return frame.line === undefined ? frame.file : `${frame.file}:${frame.line}`;
}

/** What is to be said about how a stack ended; empty where it is whole. */
export function endText(stack: Stack): string {
  switch (stack.end) {
    case 'root':
      return '';
    case 'depth':
      return 'cut: more frames than --perf-max-stack-depth';
    case 'broken':
      return 'cut: no frame pointer leads further';
    case 'lost':
      return 'stack lost: its table was full (--stack-storage-size)';
  }
}

/** The function whose frames keep no frame pointer, so that its caller may be missing; empty where none. */
export function hiddenText(stack: Stack): string {
  const frame = stack.frames.find((each) => each.mayHideCaller === true);
  return frame === undefined
    ? ''
    : `${frame.symbol ?? 'a function'} keeps no frame pointer: its caller may be missing`;
}
