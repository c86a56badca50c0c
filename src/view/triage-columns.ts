import type { Cgroup } from '../domain/triage/cgroup.ts';
import type { Growing } from '../domain/triage/report.ts';
import type { SlabCache } from '../domain/triage/snapshot.ts';
import type { Verdict } from '../domain/triage/verdict.ts';
import { shortened, type TableColumn } from './table.ts';
import { severityWords } from './triage-lines.ts';
import { growthText, sizeCell } from './triage-cells.ts';
import { compactCountText, shareText } from './units.ts';

/** Verdicts, where there is one line for each. */
export const triageVerdictColumns = [
  {
    id: 'severity',
    title: 'VERDICT',
    width: 8,
    align: 'left',
    help: 'CRITICAL: somebody is killed, or soon; WARNING: it costs, or will; NOTE: to be known; OK: nothing to be done',
    text: ({ severity }) => severityWords[severity],
  },
  {
    id: 'title',
    title: 'WHAT',
    width: 28,
    align: 'left',
    help: 'in a few words; i says all of it',
    text: ({ title }) => shortened(title, 28, 'end', '..'),
  },
  {
    id: 'sentence',
    title: 'IN FIGURES',
    width: 0,
    align: 'left',
    help: 'what was found, of whom',
    text: ({ sentence }) => sentence,
    loses: 'end',
  },
] as const satisfies readonly TableColumn<Verdict>[];

/** Slab caches: slabtop's columns, and what grew. */
export const triageSlabColumns = [
  {
    id: 'size',
    title: 'SIZE',
    width: 7,
    align: 'right',
    help: 'pages of all its slabs',
    text: ({ of }) => sizeCell(of.size),
  },
  {
    id: 'growth',
    title: '+/MIN',
    width: 8,
    align: 'right',
    help: 'growth of that, bytes a minute',
    text: ({ growth }) => growthText(growth),
  },
  {
    id: 'objects',
    title: 'OBJECTS',
    width: 9,
    align: 'right',
    help: 'objects there is room for',
    text: ({ of }) => compactCountText(of.objects, 9),
  },
  {
    id: 'active',
    title: 'USE',
    width: 6,
    align: 'right',
    help: 'share of them that is in use',
    text: ({ of }) => (of.objects === 0 ? '-' : shareText(of.activeObjects / of.objects)),
  },
  {
    id: 'object-size',
    title: 'OBJ SIZE',
    width: 8,
    align: 'right',
    help: 'bytes of one object',
    text: ({ of }) => sizeCell(of.objectSize),
  },
  {
    id: 'name',
    title: 'SLAB CACHE',
    width: 0,
    align: 'left',
    help: 'as /proc/slabinfo names it',
    text: ({ of }) => of.name,
    loses: 'end',
  },
] as const satisfies readonly TableColumn<Growing<SlabCache>>[];

/** Control groups with their limits. */
export const triageCgroupColumns = [
  {
    id: 'usage',
    title: 'USAGE',
    width: 7,
    align: 'right',
    help: 'memory charged to the group and those below it: page cache, too',
    text: ({ of }) => sizeCell(of.usage),
  },
  {
    id: 'limit',
    title: 'LIMIT',
    width: 7,
    align: 'right',
    help: 'memory.max, or memory.limit_in_bytes',
    text: ({ of }) => sizeCell(of.limit),
  },
  {
    id: 'growth',
    title: '+/MIN',
    width: 8,
    align: 'right',
    help: 'growth of the usage, bytes a minute',
    text: ({ growth }) => growthText(growth),
  },
  {
    id: 'anonymous',
    title: 'ANON',
    width: 7,
    align: 'right',
    help: 'of it, pages of no file',
    text: ({ of }) => sizeCell(of.anonymous),
  },
  {
    id: 'file',
    title: 'FILE',
    width: 7,
    align: 'right',
    help: 'of it, page cache, with tmpfs and shared memory',
    text: ({ of }) => sizeCell(of.file),
  },
  {
    id: 'path',
    title: 'CONTROL GROUP',
    width: 0,
    align: 'left',
    help: 'below the mount of the memory controller',
    text: ({ of }) => of.path,
  },
] as const satisfies readonly TableColumn<Growing<Cgroup>>[];
