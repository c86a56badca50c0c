/** What was dropped, and why: each with a count, and with bytes where they are known. */
export const lossReasons = {
  'blocks-full': 'blocks not followed: the block table was full (--max-blocks)',
  'stacks-full': 'blocks without a stack: the stack table was full (--stack-storage-size)',
  'sites-full': 'blocks booked under no site: the site table was full (--stack-storage-size)',
  'threads-full': 'calls not seen: the thread table was full',
  'busy': 'updates refused by the kernel because a table was busy',
  'unmatched-return': 'returns of calls whose entry was not seen',
  'abandoned-call': 'calls that never returned (longjmp, exceptions)',
  'missed-free': 'blocks handed out again without a free in between',
  'events-full': 'events not delivered: the ring buffer was full',
  'images-full': 'processes not followed: the process table was full',
  'unreadable': 'results that could not be read from the target',
  'may-throw':
    'blocks not followed: their operator new may throw, which a return probe would turn into an abort',
  'recursion': 'events skipped by the kernel while the tracer itself was running',
} as const;

export type LossReason = keyof typeof lossReasons;

export interface Loss {
  readonly reason: LossReason;
  readonly count: number;
  readonly bytes: number;
}
