import {
  type MappingUse,
  type ProcessSegments,
  type Segment,
  type SegmentKind,
  segmentKinds,
} from '../domain/triage/process-use.ts';
import { bytes } from '../domain/units.ts';

/** One mapping of /proc/PID/smaps; sizes are bytes. */
export interface SmapsRow {
  readonly start: bigint;
  readonly permissions: string;
  /** As shown there; empty for anonymous memory. */
  readonly path: string;
  readonly virtual: number;
  readonly resident: number;
  readonly proportional: number;
  readonly anonymous: number;
  readonly swap: number;
  readonly hugetlb: number;
}

const head = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+ *(.*)$/;
const sizes = {
  Rss: 'resident',
  Pss: 'proportional',
  Anonymous: 'anonymous',
  Swap: 'swap',
  Shared_Hugetlb: 'hugetlb',
  Private_Hugetlb: 'hugetlb',
} as const;

/** Rows of the text of /proc/PID/smaps. */
export function parseSmaps(text: string): SmapsRow[] {
  const rows: {
    -readonly [Key in keyof SmapsRow]: SmapsRow[Key];
  }[] = [];
  for (const line of text.split('\n')) {
    const match = head.exec(line);
    if (match) {
      const [, start = '0', end = '0', permissions = '', path = ''] = match;
      const from = BigInt(`0x${start}`);
      const virtual = Number(BigInt(`0x${end}`) - from);
      rows.push({ start: from, permissions, path, virtual, ...empty });
      continue;
    }
    const [, name = '', kib] = /^(\w+): +(\d+) kB$/.exec(line) ?? [];
    const last = rows.at(-1);
    if (last !== undefined && name in sizes)
      last[sizes[name as keyof typeof sizes]] += Number(kib) * 1024;
  }
  return rows;
}

const empty = { resident: 0, proportional: 0, anonymous: 0, swap: 0, hugetlb: 0 };

// Guards of thread stacks: 4 KiB by default, and what a program asks for.
const largestGuard = 1 << 20;

/** What a mapping is for. A stack of a thread is known by the guard below it, which nothing may touch. */
function kindOf(row: SmapsRow, before: SmapsRow | undefined): SegmentKind {
  const { path, permissions } = row;
  if (row.hugetlb > 0 || path.startsWith('/anon_hugepage')) return 'huge pages';
  if (path === '[heap]') return 'heap';
  if (path.startsWith('[stack')) return 'stacks';
  if (/^\[(vdso|vvar|vsyscall|uprobes)/.test(path)) return 'kernel';
  const isShared = permissions.endsWith('s');
  if (/^\/(memfd:|SYSV|dev\/shm\/|dev\/zero)/.test(path) || (isShared && path === ''))
    return 'shared memory';
  if (path.startsWith('[anon_shmem')) return 'shared memory';
  if (path.startsWith('/')) return 'files';
  const isGuarded =
    before !== undefined &&
    before.path === '' &&
    before.permissions === '---p' &&
    before.virtual <= largestGuard;
  return isGuarded && permissions.startsWith('rw') ? 'stacks' : 'anonymous';
}

// glibc's HEAP_MAX_SIZE on 64-bit machines.
const arenaBytes = 64 * 2 ** 20;

/** Heaps of glibc's arenas for threads: aligned to their size, of which a part is accessible and the rest reserved. */
export function arenasOf(rows: readonly SmapsRow[]): ProcessSegments['arenas'] {
  const heaps = rows.filter((row, i) => {
    if (
      row.path !== '' ||
      !row.permissions.startsWith('rw') ||
      row.start % BigInt(arenaBytes) !== 0n
    )
      return false;
    const rest = rows[i + 1];
    const reserved = rest?.path === '' && rest.permissions === '---p' ? rest.virtual : 0;
    return row.virtual + reserved === arenaBytes;
  });
  return {
    count: heaps.length,
    resident: bytes(heaps.reduce((sum, { resident }) => sum + resident, 0)),
  };
}

const mostMappings = 12;

/** Mappings added up by kind, and the largest by name. */
export function segmentsOf(
  rows: readonly SmapsRow[],
): Pick<ProcessSegments, 'segments' | 'largest'> {
  const kinds = rows.map((row, i) => kindOf(row, rows[i - 1]));
  const byName = new Map<string, MappingUse>();
  rows.forEach((row, i) => {
    const kind = kinds[i] ?? 'anonymous';
    const name = row.path === '' ? `[${kind}]` : row.path;
    const known = byName.get(name);
    byName.set(name, {
      name,
      kind,
      virtual: bytes((known?.virtual ?? 0) + row.virtual),
      resident: bytes((known?.resident ?? 0) + row.resident + row.hugetlb),
      anonymous: bytes((known?.anonymous ?? 0) + row.anonymous),
    });
  });
  return {
    segments: segmentKinds.map((kind) => {
      const of = rows.filter((_, i) => kinds[i] === kind);
      return segmentOf(kind, of);
    }),
    largest: [...byName.values()]
      .sort((a, b) => b.resident - a.resident || b.virtual - a.virtual)
      .slice(0, mostMappings),
  };
}

function segmentOf(kind: SegmentKind, rows: readonly SmapsRow[]): Segment {
  const sum = (of: (row: SmapsRow) => number) => bytes(rows.reduce((all, row) => all + of(row), 0));
  return {
    kind,
    mappings: rows.length,
    virtual: sum(({ virtual }) => virtual),
    resident: sum(({ resident, hugetlb }) => resident + hugetlb),
    proportional: sum(({ proportional }) => proportional),
    anonymous: sum(({ anonymous }) => anonymous),
    swap: sum(({ swap }) => swap),
  };
}
