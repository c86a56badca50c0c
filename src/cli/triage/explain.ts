import { healthy } from '../../domain/triage/rules/healthy.ts';
import { rules } from '../../domain/triage/rules/index.ts';
import { triageCgroupColumns, triageSlabColumns } from '../../view/triage-columns.ts';
import { triageProcessColumns, triageSegmentColumns } from '../../view/triage-process-columns.ts';
import { wrapped } from '../../view/wrapped.ts';

const width = 96;
const indent = 13;

/** What the lines above the tables say. */
const definitions: readonly (readonly [string, string])[] = [
  [
    'total',
    "memory that the kernel manages: without what firmware, the kernel's own image and, in a virtual machine, a balloon took.",
  ],
  ['used', 'total - available, as free(1) counts: page cache that can be dropped is not in it.'],
  ['free', 'pages that nobody uses for anything. Near nothing is normal.'],
  [
    'shared',
    'Shmem: tmpfs, System V and POSIX shared memory, memfds. It is in buff/cache, and cannot be dropped.',
  ],
  ['buff/cache', 'Buffers + Cached + SReclaimable.'],
  [
    'available',
    "the kernel's estimate of what could be handed out without swapping. This is the figure that counts.",
  ],
  ['anonymous', 'memory of no file: heaps, stacks, private mappings of processes.'],
  ['files', 'page cache of files: Cached + Buffers - Shmem.'],
  [
    'pressure',
    'share of the latest 10 s in which some, or all, tasks waited for memory (PSI). Kernels may be built or booted without it.',
  ],
  ['major faults', 'page faults that waited for storage: mapped files, and what was in swap.'],
  ['refaults', 'pages of files that were evicted not long ago and are read again.'],
  ['stalls', 'times that a task had to reclaim memory itself before it got any (direct reclaim).'],
  ['kswapd', 'pages that the kernel reclaimed in the background.'],
];

/** What `memtrace triage --explain` prints. Needs no privilege. */
export function triageExplanation(): string {
  const columns = [
    ...triageProcessColumns,
    ...triageSegmentColumns,
    ...triageSlabColumns,
    ...triageCgroupColumns,
  ];
  const explained = new Map<string, string>();
  for (const { title, help } of columns) {
    const known = explained.get(title);
    explained.set(title, known === undefined || known === help ? help : `${known}; or: ${help}`);
  }
  return [
    'VERDICTS, each from figures of the time that was watched; critical, warning, note or ok',
    ...[...rules, healthy].flatMap(({ code, title, mechanism }) => [
      '',
      ` ${title} (${code})`,
      ...wrapped(mechanism.text, width - 2).map((line) => `  ${line}`),
      ...wrapped(`Kernel: ${mechanism.source}`, width - 2).map((line) => `  ${line}`),
    ]),
    '',
    'FIGURES',
    ...definitions.flatMap(entry),
    '',
    'COLUMNS',
    ...[...explained].flatMap(entry),
    '',
  ].join('\n');
}

function entry([word, text]: readonly [string, string]): string[] {
  const lines = wrapped(text, width - indent);
  return lines.map((line, i) => `${(i === 0 ? ` ${word}` : '').padEnd(indent)} ${line}`);
}
