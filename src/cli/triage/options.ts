import { triageFormats } from '../../formats/triage/index.ts';
import type { OptionRow } from '../option.ts';
import { runGroup, runOptions } from '../run-options.ts';

const shown = 'What is shown';
const seen = 'What is looked at';

/** Defaults that the parser applies and the help names. */
export const triageDefaults = { intervalSeconds: 1, durationSeconds: 10 } as const;

export const triageFormatNames = Object.keys(triageFormats) as (keyof typeof triageFormats)[];

const { duration, format, plain } = runOptions(triageFormatNames);

/** The options of `memtrace triage`. */
export const triageOptions = {
  pid: {
    name: 'pid',
    short: 'p',
    value: 'PID',
    example: '4121',
    repeatable: true,
    group: seen,
    help: 'also what the memory of these processes is for (heap, stacks, anonymous, files, shared memory), and which of that grows',
  },
  interval: {
    name: 'interval',
    short: 'i',
    value: 'TIME',
    example: '2s',
    group: seen,
    help: `a look every TIME (${triageDefaults.intervalSeconds}s; of long runs a sixtieth of it)`,
  },
  explain: {
    name: 'explain',
    group: shown,
    help: 'what each verdict means, how it comes about, and what the figures are; looks at nothing',
  },
  duration: {
    ...duration,
    help: `watch for TIME, then report (${triageDefaults.durationSeconds}s; the screen: until it is left): 15, 15s, 2m, 1h`,
  },
  format: { ...format, help: 'text, or json: one object on one line (text)' },
  plain,
  strict: {
    name: 'strict',
    group: runGroup,
    help: 'exit 1 where the worst verdict is a warning, 2 where it is critical',
  },
} as const satisfies Record<string, OptionRow>;
