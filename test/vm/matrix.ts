import { type GuestEnd, runGuest } from './guest.ts';
import { kernelImage } from './kernel-image.ts';
import { type Kernel, requirementsOf } from './kernels.ts';
import type { Machine } from './machine.ts';
import { type Cell, cellsOf, parsed } from './results.ts';
import { type Part, patterns, vitestArguments } from './selection.ts';
import type { Instructions } from './verifier.ts';

/** A kernel that was booted for a selection of tests. */
export interface Column {
  readonly kernel: Kernel;
  readonly release: string;
  readonly seconds: number;
  readonly cells: readonly Cell[];
  readonly instructions: Instructions;
  /** Why it counts as failed beyond its cells, in a line or more; empty if it does not. */
  readonly trouble: string;
  /** What was written, and the end of the console, to be shown where something failed. */
  readonly log: string;
}

const tests = 'tests.json';
const verifier = 'verifier.json';

/** Boots the kernel and runs the parts there. Throws Unreachable. */
export async function runColumn(
  machine: Machine,
  kernel: Kernel,
  parts: readonly Part[],
  timeoutSeconds: number,
  kernelWords: readonly string[] = [],
): Promise<Column> {
  const image = await kernelImage(kernel, machine);
  let said = '';
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=/run/guest/${tests}`,
  ];
  const end = await runGuest(image, {
    machine,
    command: [
      'node_modules/.bin/vitest',
      'run',
      '--project',
      'guest',
      ...reporters,
      ...vitestArguments(parts),
    ],
    environment: {
      CI: 'true',
      NO_COLOR: '1',
      MEMTRACE_REQUIRE: requirementsOf(kernel),
      MEMTRACE_LACKS: JSON.stringify(kernel.lacks),
      MEMTRACE_PATTERNS: patterns,
    },
    kernelWords,
    timeoutSeconds,
    collect: [tests, verifier],
    write: (text) => {
      said += text;
    },
  });
  const cells = cellsOf(kernel, parts, machine.system().project, end.left[tests]);
  return {
    kernel,
    release: image.release,
    seconds: end.seconds,
    cells,
    instructions: parsed<Instructions>(end.left[verifier]) ?? {},
    trouble: troubleOf(end, cells),
    log: `${said}\n-- console of ${kernel.name}\n${end.console.split('\n').slice(-60).join('\n')}`,
  };
}

export function troubleOf(
  {
    status,
    isLate,
    seconds,
    complaint,
  }: Pick<GuestEnd, 'status' | 'isLate' | 'seconds' | 'complaint'>,
  cells: readonly Pick<Cell, 'failed'>[],
): string {
  const isExplained = cells.some(({ failed }) => failed.length > 0);
  const end = isLate
    ? `killed after ${seconds.toFixed(0)} s, as it had not ended`
    : status === undefined
      ? 'it died before its command ended'
      : status === 0 || isExplained
        ? ''
        : `vitest ended with ${status}`;
  return [end, complaint && `its kernel complained:\n${complaint}`].filter(Boolean).join('; ');
}

/** A kernel that could not even be booted. */
export const brokenColumn = (kernel: Kernel, trouble: string): Column => ({
  kernel,
  release: 'not booted',
  seconds: 0,
  cells: [],
  instructions: {},
  trouble,
  log: '',
});

export const isRed = ({ cells, trouble }: Column): boolean =>
  trouble !== '' || cells.some(({ failed }) => failed.length > 0);
