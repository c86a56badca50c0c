import type { ProcessRow, SegmentRow } from '../domain/triage/report.ts';
import type { TableColumn } from './table.ts';
import { growthText, rateCell, sizeCell } from './triage-cells.ts';

/** Processes: top's and pidstat's columns, and what grew. */
export const triageProcessColumns = [
  {
    id: 'pid',
    title: 'PID',
    width: 7,
    align: 'right',
    help: 'process id',
    text: ({ of }) => String(of.pid),
  },
  {
    id: 'growth',
    title: 'OWN/MIN',
    width: 8,
    align: 'right',
    help: 'growth of its own memory (anonymous and swapped), bytes a minute',
    text: ({ growth }) => growthText(growth),
  },
  {
    id: 'virtual',
    title: 'VIRT',
    width: 6,
    align: 'right',
    help: 'all it has mapped, touched or not: growth of it alone proves nothing',
    text: ({ of }) => sizeCell(of.virtual),
  },
  {
    id: 'resident',
    title: 'RES',
    width: 6,
    align: 'right',
    help: 'what of it is in memory: own, file and shared pages, without swap',
    text: ({ of }) => sizeCell(of.resident),
  },
  {
    id: 'own',
    title: 'ANON',
    width: 6,
    align: 'right',
    help: 'resident pages of no file: heap, stacks, private mappings',
    text: ({ of }) => sizeCell(of.anonymous),
  },
  {
    id: 'shared',
    title: 'SHR',
    width: 6,
    align: 'right',
    help: 'resident pages of files and of shared memory',
    text: ({ of }) => sizeCell(of.shared),
  },
  {
    id: 'shmem',
    title: 'SHMEM',
    width: 6,
    align: 'right',
    help: 'those of SHR that are of tmpfs, memfds and shared mappings',
    text: ({ of }) => sizeCell(of.detail?.shmem),
  },
  {
    id: 'proportional',
    title: 'PSS',
    width: 6,
    align: 'right',
    help: 'resident pages, each divided by how many share it: of the top growers only',
    text: ({ of }) => sizeCell(of.detail?.proportional),
  },
  {
    id: 'swap',
    title: 'SWAP',
    width: 6,
    align: 'right',
    help: 'what of it is in swap',
    text: ({ of }) => sizeCell(of.detail?.swap),
  },
  {
    id: 'faults',
    title: 'MAJFLT/S',
    width: 8,
    align: 'right',
    help: 'page faults a second that waited for storage',
    text: ({ of }) => rateCell(of.detail?.majorFaultRate ?? null),
  },
  {
    id: 'oom',
    title: 'OOM',
    width: 4,
    align: 'right',
    help: "the kernel's score: the highest is killed first",
    text: ({ of }) => {
      const score = of.detail?.oomScore ?? null;
      return score === null ? '-' : String(score);
    },
  },
  {
    id: 'command',
    title: 'COMMAND',
    width: 0,
    align: 'left',
    help: 'at most 15 characters, as the kernel has it',
    text: ({ of }) => of.command,
    loses: 'end',
  },
] as const satisfies readonly TableColumn<ProcessRow>[];

/** What goes first on a narrow terminal. */
export const dispensableProcessColumns = [
  'proportional',
  'shmem',
  'virtual',
  'shared',
  'oom',
  'swap',
] as const;

/** What a process's memory is for: pmap's view with growth. */
export const triageSegmentColumns = [
  {
    id: 'growth',
    title: 'RES/MIN',
    width: 8,
    align: 'right',
    help: 'growth of what is resident or in swap, bytes a minute',
    text: ({ growth }) => growthText(growth),
  },
  {
    id: 'resident',
    title: 'RES',
    width: 7,
    align: 'right',
    help: 'what of it is in memory',
    text: ({ of }) => sizeCell(of.resident),
  },
  {
    id: 'proportional',
    title: 'PSS',
    width: 7,
    align: 'right',
    help: 'the same, each page divided by how many share it',
    text: ({ of }) => sizeCell(of.proportional),
  },
  {
    id: 'anonymous',
    title: 'ANON',
    width: 7,
    align: 'right',
    help: 'pages of no file, changed pages of private file mappings among them',
    text: ({ of }) => sizeCell(of.anonymous),
  },
  {
    id: 'swap',
    title: 'SWAP',
    width: 7,
    align: 'right',
    help: 'what of it is in swap',
    text: ({ of }) => sizeCell(of.swap),
  },
  {
    id: 'virtual',
    title: 'VIRT',
    width: 7,
    align: 'right',
    help: 'all that is mapped, touched or not',
    text: ({ of }) => sizeCell(of.virtual),
  },
  {
    id: 'mappings',
    title: 'MAPS',
    width: 6,
    align: 'right',
    help: 'how many mappings',
    text: ({ of }) => String(of.mappings),
  },
  {
    id: 'kind',
    title: 'SEGMENT',
    width: 0,
    align: 'left',
    help: 'heap: brk; stacks; anonymous: mmap, where large blocks and arenas are; files; shared memory; huge pages',
    text: ({ of }) => of.kind,
    loses: 'end',
  },
] as const satisfies readonly TableColumn<SegmentRow>[];
