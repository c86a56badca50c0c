import { beforeAll, describe, expect, it } from 'vitest';
import { History } from '../../src/domain/history.ts';
import { leakReport } from '../../src/domain/leak-report.ts';
import type { LeakSnapshot } from '../../src/domain/leak-snapshot.ts';
import type { Frame, Stack } from '../../src/domain/stack.ts';
import { milliseconds } from '../../src/domain/units.ts';
import { text } from '../../src/formats/text.ts';
import { heapFromText } from '../support/heap-from-text.ts';
import { wholeReport } from './whole-report.ts';

beforeAll(() => {
  process.env['TZ'] = 'UTC';
});

const none: ReadonlyMap<string, Stack> = new Map();
const printed = (snapshot: LeakSnapshot, stacks = none): string => {
  const report = leakReport(snapshot, new History(), {
    top: 10,
    sort: 'size',
    olderThan: milliseconds(0),
    perProcess: false,
  });
  return text.report(report, stacks, { blocks: false });
};

const framesOf = (...frames: readonly Partial<Frame>[]): readonly string[] => {
  const whole = frames.map((frame) => ({
    address: 0x7f01n,
    symbol: null,
    offset: 0,
    module: null,
    ...frame,
  }));
  const drawn = heapFromText('bytes 1\n      main');
  const stack: Stack = { id: 'main', frames: whole, end: 'root' };
  return printed({ ...drawn, stacks: new Map([['main', stack]]) })
    .split('\n')
    .filter((line) => line.startsWith('\t\t'));
};

describe('a report as text', () => {
  it('is read like memleak, and what is ours stands behind a hash sign', () => {
    expect(text.report(wholeReport(), none, { blocks: false })).toBe(
      `[02:53:38] Top 4 stacks with outstanding allocations:
	16384 bytes in 2 allocations from stack # +4.00K/s, freed 0 of 2, oldest 7.0s, median lifetime -, 2 processes
		fibonacci+0x9 [app]
		child+0x5 [app]
		main+0x4 [app]
	64 bytes in 1 allocations from stack # 0/s, freed 1 of 2, oldest 8.0s, median lifetime 2.9ms, pid 1
		parse+0x5 [app]
		main+0x4 [app]
	24 bytes in 1 allocations from stack # +6/s, freed 0 of 1, oldest 6.0s, median lifetime -, pid 1
		SSL_new+0x7 [libssl]
		main+0x4 [app]
	10 bytes in 1 allocations from stack # +3/s, freed 0 of 1, oldest 1.0s, median lifetime -, pid 1
		read+0x4 [app]
		# cut: no frame pointer leads further
# 16482 B in 5 blocks outstanding, +4.01K/s; 6 allocations and 1 frees of them seen in 10s; 3 frees of blocks from before
# 1 in 7 allocations is followed, and 64 B or more
# LOST, so the figures above are not whole:
#   1,200 blocks not followed: the block table was full (--max-blocks) (4096 B)
#   1 updates refused by the kernel because a table was busy
# 1 stack does not reach the first function of the thread; 10 B under them
# mappings that the target made itself since attaching, not ranked above: 1.00M
#   1048576 B in 1 thread stack mapping: fibonacci+0x9 [app] < child+0x5 [app] < main+0x4 [app]
# cost: 5,000 probe hits, about 0.3% of one CPU taken from the target; kernel memory 35.0M
`,
    );
  });

  it('has the single blocks before the frames of their stack', () => {
    const lines = text.report(wholeReport({ top: 1 }), none, { blocks: true }).split('\n');
    expect(lines.slice(2, 5)).toEqual([
      '\t\taddr = 0x3000 size = 8192',
      '\t\taddr = 0x4000 size = 8192',
      '\t\tfibonacci+0x9 [app]',
    ]);
    expect(lines).toContainEqual(expect.stringContaining(', 3 more stacks not shown;'));
  });

  it('says 0 where nothing is outstanding', () => {
    expect(printed(heapFromText('bytes 64\nlived 1\n      main'))).toBe(
      `[02:53:38] Top 0 stacks with outstanding allocations:
# 0 B in 0 blocks outstanding; 1 allocations and 1 frees of them seen in 10s
# kernel memory 0
`,
    );
  });

  it('gives script writers no other line with a byte in it', () => {
    const lines = text.report(wholeReport(), none, { blocks: true }).split('\n');
    const bytes = lines.filter((line) => line.includes('byte'));
    expect(bytes).toHaveLength(4);
    for (const line of bytes)
      expect(line).toMatch(/^\t\d+ bytes in \d+ allocations from stack( # |$)/);
  });
});

describe('a frame', () => {
  it('is name, offset and module, and its line is behind a hash sign', () => {
    const place = { symbol: 'fibonacci', offset: 0x1d, module: 'sample' };
    expect(
      framesOf(place, { ...place, file: 'sample.c', line: 12 }, { ...place, file: 'a.c' }),
    ).toEqual([
      '\t\tfibonacci+0x1d [sample]',
      '\t\tfibonacci+0x1d [sample] # sample.c:12',
      '\t\tfibonacci+0x1d [sample] # a.c',
    ]);
  });

  it('without a name says where it is', () => {
    expect(
      framesOf(
        { module: 'libx.so', offset: 0x1200 },
        { module: 'jit', address: 0x7f02n },
        { address: 0x7f03n },
      ),
    ).toEqual([
      '\t\t[unknown] [libx.so+0x1200]',
      '\t\t[unknown] [jit 0x7f02]',
      '\t\t[unknown] [0x7f03]',
    ]);
  });

  it('that was inlined has no offset of its own', () => {
    const inlined = { symbol: 'f', module: 'a', inlined: true, file: 'f.h', line: 3 };
    expect(framesOf(inlined)).toEqual(['\t\tf [a] # f.h:3 (inlined)']);
  });

  it('that may hide its caller says so below the stack', () => {
    expect(framesOf({ symbol: 'f', module: 'a', mayHideCaller: true })).toEqual([
      '\t\tf+0x0 [a]',
      '\t\t# f keeps no frame pointer: its caller may be missing',
    ]);
  });

  it('takes the lines that were looked up', () => {
    const drawn = heapFromText('bytes 1\n      main');
    const [stack] = drawn.stacks.values();
    const frames = (stack?.frames ?? []).map((frame) => ({ ...frame, file: 'main.c', line: 7 }));
    const lined = new Map([['main', { id: 'main', frames, end: 'root' as const }]]);
    expect(printed(drawn, lined)).toContain('\t\tmain+0x4 [app] # main.c:7\n');
  });
});

describe('an event', () => {
  const event = {
    at: 1500.25,
    pid: 12,
    tid: 13,
    command: 'app',
    what: 'alloc' as const,
    address: 0x7f00n,
    size: 8192,
    stack: null,
  };

  it('is a line with its clock, who, and the stack', () => {
    const [stack] = heapFromText('bytes 1\n      main\n      f').stacks.values();
    expect(text.event({ ...event, stack: stack ?? null }, Date.UTC(2026, 0, 1))).toBe(
      '[00:00:01.500] alloc 8192 bytes at 0x7f00 pid 12 tid 13 (app) f+0x1 [app] < main+0x4 [app]\n',
    );
  });

  it('has no size where it is not known', () => {
    expect(text.event({ ...event, what: 'free', size: 0 }, 0)).toBe(
      '[00:00:01.500] free at 0x7f00 pid 12 tid 13 (app)\n',
    );
  });
});

it.each([
  [{ kind: 'processes', pids: [1, 2] }, 'Attaching to pid 1, 2, Ctrl+C to quit.\n'],
  [
    { kind: 'command', argv: ['./app', '-x'] },
    "Executing './app -x' and tracing the resulting process.\n",
  ],
  [{ kind: 'kernel' }, 'Attaching to kernel allocators, Ctrl+C to quit.\n'],
] as const)('opens as memleak does: %j', (target, line) => {
  expect(text.opening({ at: 0, target })).toBe(line);
});

it('names that a target made up do not reach the terminal as commands', () => {
  const lines = framesOf({
    symbol: '\u001B]0;owned\u0007\nmain',
    module: 'a\tp\u009Bp',
    offset: 1,
  });
  expect(lines).toEqual(['\t\t\\x1b]0;owned\\x07\\x0amain+0x1 [a\tp\\x9bp]']);
  const event = text.event(
    {
      at: 0,
      what: 'alloc',
      size: 1,
      address: 1n,
      pid: 1,
      tid: 1,
      command: '\u001B[2J',
      stack: null,
    },
    0,
  );
  expect(event).toBe('[00:00:00.000] alloc 1 bytes at 0x1 pid 1 tid 1 (\\x1b[2J)\n');
});
