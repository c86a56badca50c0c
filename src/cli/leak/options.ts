import type { OptionRow } from '../option.ts';
import { runGroup, runOptions } from '../run-options.ts';

const target = 'What is traced (nothing of it: the kernel)';
const shown = 'What is shown';
const traced = 'What is followed';
const limits = 'Limits and attaching';
const kernel = 'Kernel mode only';

/** Defaults that the parser applies and the help names. */
export const leakDefaults = {
  intervalSeconds: 5,
  screenIntervalSeconds: 1,
  top: 10,
  sampleRate: 1,
  maxBlocks: 2 * 1024 * 1024,
  stackStorageSize: 10_240,
  maxStackDepth: 127,
} as const;

export const sortKeys = ['size', 'count'] as const;
export const outputFormats = ['text', 'json'] as const;
export const linkChoices = ['auto', 'session', 'multi', 'perf-event'] as const;

/** The options of `memtrace leak`; those of memleak keep their letters and their meaning. */
export const leakOptions = {
  pid: {
    name: 'pid',
    short: 'p',
    value: 'PID',
    example: '4121',
    repeatable: true,
    group: target,
    help: 'running processes: repeat it, or give a comma list',
  },
  name: {
    name: 'name',
    value: 'COMM',
    example: 'redis-server',
    group: target,
    help: 'the one process of this name',
  },
  command: {
    name: 'command',
    short: 'c',
    value: "'CMD ARGS'",
    example: "'./app --port 80'",
    group: target,
    help: 'start it (quotes work, no shell runs it) and trace it from its first instruction; so does -- CMD ARGS',
  },

  top: {
    name: 'top',
    short: 'T',
    value: 'N',
    example: '10',
    group: shown,
    help: `the N largest stacks (${leakDefaults.top})`,
  },
  sort: {
    name: 'sort',
    value: 'KEY',
    example: 'count',
    choices: sortKeys,
    group: shown,
    help: 'largest by size or count (size)',
  },
  older: {
    name: 'older',
    short: 'o',
    value: 'MS',
    example: '500',
    group: shown,
    help: "only blocks older than MS milliseconds (0: all; memleak's default is 500)",
  },
  showAllocs: {
    name: 'show-allocs',
    short: 'a',
    group: shown,
    help: 'each outstanding block under its stack',
  },
  combinedOnly: {
    name: 'combined-only',
    short: 'C',
    group: shown,
    help: 'totals per stack only: single blocks are never read',
  },
  trace: {
    name: 'trace',
    short: 't',
    group: shown,
    help: 'one line per allocation and free, then the last report; reports in between only if INTERVAL is given',
  },

  ...runOptions(outputFormats),
  dryRun: {
    name: 'dry-run',
    group: runGroup,
    help: 'print what would be probed, where and why; attach nothing',
  },

  minSize: {
    name: 'min-size',
    short: 'z',
    value: 'BYTES',
    example: '4096',
    group: traced,
    help: 'only blocks of at least BYTES (4096, 64k, 1M)',
  },
  maxSize: {
    name: 'max-size',
    short: 'Z',
    value: 'BYTES',
    example: '1M',
    group: traced,
    help: 'only blocks of at most BYTES',
  },
  sampleRate: {
    name: 'sample-rate',
    short: 's',
    value: 'N',
    example: '100',
    group: traced,
    help: 'only every N-th allocation: counts are of those, and the report says 1:N. It saves little: the probes are hit all the same',
  },
  noFollow: { name: 'no-follow', group: traced, help: 'leave forked children alone' },
  object: {
    name: 'obj',
    short: 'O',
    value: 'OBJ',
    example: '/opt/app/libfoo.so',
    group: traced,
    help: 'probe the allocator functions of this object only (path or file name); else they are found',
  },
  symbolsPrefix: {
    name: 'symbols-prefix',
    short: 'S',
    value: 'PREFIX',
    example: 'je_',
    group: traced,
    help: 'those functions are called PREFIXmalloc, PREFIXfree, …',
  },

  maxBlocks: {
    name: 'max-blocks',
    value: 'N',
    example: '4194304',
    group: limits,
    help: `outstanding blocks followed at once (${leakDefaults.maxBlocks}; before Linux 6.1 524288); memory is taken as they come, before 6.1 at once`,
  },
  stackStorageSize: {
    name: 'stack-storage-size',
    value: 'N',
    example: '10240',
    group: limits,
    help: `distinct stacks kept (${leakDefaults.stackStorageSize})`,
  },
  maxStackDepth: {
    name: 'perf-max-stack-depth',
    value: 'N',
    example: '127',
    group: limits,
    help: `frames per stack, 1 to 127 (${leakDefaults.maxStackDepth})`,
  },
  link: {
    name: 'link',
    value: 'KIND',
    example: 'multi',
    choices: linkChoices,
    group: limits,
    help: 'how probes are attached: auto, session, multi or perf-event (auto)',
  },

  percpu: { name: 'percpu', short: 'P', group: kernel, help: 'also per-CPU allocations' },
  missingFree: {
    name: 'wa-missing-free',
    short: 'F',
    group: kernel,
    help: 'an address handed out again counts as freed before',
  },
} as const satisfies Record<string, OptionRow>;
