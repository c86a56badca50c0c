import type { History } from './history.ts';
import type { AllocationKind, Blocks, LeakSnapshot, Notice } from './leak-snapshot.ts';
import { medianLifetime } from './lifetime.ts';
import { groupMappings, type MappingRow } from './mapping-rows.ts';
import { holdsMemory, mergeSites, type SiteGroup } from './merge-sites.ts';
import type { Stack } from './stack.ts';
import {
  bytes,
  milliseconds,
  type Bytes,
  type BytesPerSecond,
  type Milliseconds,
} from './units.ts';

export interface Amount {
  readonly bytes: Bytes;
  readonly blocks: number;
}

/** One outstanding block of a row. */
export interface ShownBlock {
  readonly address: bigint;
  readonly size: Bytes;
  readonly age: Milliseconds;
}

/** One call stack that allocated, with the evidence about it. */
export interface ReportRow {
  readonly key: string;
  readonly kind: AllocationKind;
  readonly stack: Stack;
  readonly pids: readonly number[];
  readonly live: Amount;
  readonly allocated: Amount;
  readonly freed: Amount;
  /** Freed of allocated blocks, 0 to 1. */
  readonly freedShare: number;
  readonly growth: BytesPerSecond | null;
  /** Age of the oldest live block; an upper bound where not `exact`. null where nothing is live. */
  readonly oldest: { readonly age: Milliseconds; readonly exact: boolean } | null;
  readonly medianLifetime: Milliseconds | null;
  readonly lifetimes: readonly number[];
  /** Live bytes at the latest reports, oldest first. */
  readonly series: readonly Bytes[];
  /** Only where the snapshot has blocks; largest first. */
  readonly blocks?: readonly ShownBlock[];
}

export type SortKey = 'size' | 'count' | 'growth' | 'age';

export interface ReportOptions {
  readonly top: number;
  readonly sort: SortKey;
  /** Only blocks at least this old count; needs the snapshot's blocks. */
  readonly olderThan: Milliseconds;
  /** One row per process instead of one over all. */
  readonly perProcess: boolean;
}

/** What is shown of one instant of a session. */
export interface LeakReport {
  readonly snapshot: LeakSnapshot;
  readonly options: ReportOptions;
  /** The first `top` rows. */
  readonly rows: readonly ReportRow[];
  /** Of all rows, shown or not. */
  readonly rowCount: number;
  readonly live: Amount;
  readonly allocated: Amount;
  readonly freed: Amount;
  readonly growth: BytesPerSecond | null;
  readonly series: readonly Bytes[];
  readonly mappings: readonly MappingRow[];
  /** Stacks of rows with live blocks that may lack frames, and the bytes under them. */
  readonly truncated: { readonly stacks: number; readonly bytes: Bytes };
  readonly notices: readonly Notice[];
  /** Calls of the probed functions so far. */
  readonly hits: number;
}

const totalKey = 'total';

/** Adds the snapshot to the history and says what it shows. Pure but for the history. */
export function leakReport(
  snapshot: LeakSnapshot,
  history: History,
  options: ReportOptions,
): LeakReport {
  const groups = mergeSites(snapshot, options.perProcess);
  const blocks = snapshot.blocks === undefined ? null : blocksByGroup(snapshot, groups, options);
  const bare = groups.map((group) => bareRow(group, snapshot, options, blocks?.get(group) ?? null));
  const live = sum(bare, (row) => row.live);
  history.add(
    [
      ...bare.map(({ key, live: { bytes: size } }) => ({ key, live: size })),
      { key: totalKey, live: live.bytes },
    ],
    snapshot.elapsed,
  );
  const rows = bare
    .filter((row) => row.live.blocks > 0)
    .map((row) => ({ ...row, growth: history.growth(row.key), series: history.series(row.key) }))
    .sort(compareRows[options.sort]);
  const cut = rows.filter((row) => row.stack.end !== 'root');
  return {
    snapshot,
    options,
    rows: rows.slice(0, options.top),
    rowCount: rows.length,
    live,
    allocated: sum(bare, (row) => row.allocated),
    freed: sum(bare, (row) => row.freed),
    growth: history.growth(totalKey),
    series: history.series(totalKey),
    mappings: groupMappings(snapshot),
    truncated: { stacks: cut.length, bytes: sum(cut, (row) => row.live).bytes },
    notices: [...snapshot.notices, ...endedNotice(snapshot)],
    hits: snapshot.probes.reduce((total, probe) => total + probe.hits, 0),
  };
}

type Row = ReportRow;

/** How rows are compared for each order, the first one first. */
export const compareRows: Readonly<Record<SortKey, (a: Row, b: Row) => number>> = {
  size: (a, b) => b.live.bytes - a.live.bytes || bySize(a, b),
  count: (a, b) => b.live.blocks - a.live.blocks || bySize(a, b),
  growth: (a, b) => (b.growth ?? 0) - (a.growth ?? 0) || bySize(a, b),
  age: (a, b) => (b.oldest?.age ?? 0) - (a.oldest?.age ?? 0) || bySize(a, b),
};

function bySize(a: Row, b: Row): number {
  return b.live.bytes - a.live.bytes || b.live.blocks - a.live.blocks || (a.key < b.key ? -1 : 1);
}

const sum = (rows: readonly Row[], of: (row: Row) => Amount): Amount => ({
  bytes: bytes(rows.reduce((total, row) => total + of(row).bytes, 0)),
  blocks: rows.reduce((total, row) => total + of(row).blocks, 0),
});

function bareRow(
  group: SiteGroup,
  snapshot: LeakSnapshot,
  options: ReportOptions,
  blocks: readonly ShownBlock[] | null,
): Row {
  const add = (of: (site: SiteGroup['sites'][number]) => number) =>
    group.sites.reduce((total, site) => total + of(site), 0);
  const allocated = {
    bytes: bytes(add((s) => s.allocatedBytes)),
    blocks: add((s) => s.allocatedBlocks),
  };
  const freed = { bytes: bytes(add((s) => s.freedBytes)), blocks: add((s) => s.freedBlocks) };
  const counted = {
    bytes: bytes(Math.max(0, allocated.bytes - freed.bytes)),
    blocks: Math.max(0, allocated.blocks - freed.blocks),
  };
  const older = blocks === null || options.olderThan <= 0 ? null : blocks;
  const live =
    older === null
      ? counted
      : { bytes: bytes(older.reduce((total, each) => total + each.size, 0)), blocks: older.length };
  const lifetimes = group.sites
    .map((site) => site.lifetimes)
    .reduce((total, each) => each.map((count, i) => count + (total[i] ?? 0)), []);
  return {
    key: group.key,
    kind: group.kind,
    stack: group.stack,
    pids: group.pids,
    live,
    allocated,
    freed,
    freedShare: allocated.blocks === 0 ? 0 : freed.blocks / allocated.blocks,
    growth: null,
    oldest: live.blocks === 0 ? null : oldest(group, snapshot, blocks),
    medianLifetime: medianLifetime(lifetimes),
    lifetimes,
    series: [],
    ...(blocks === null ? {} : { blocks }),
  };
}

function oldest(
  group: SiteGroup,
  snapshot: LeakSnapshot,
  blocks: readonly ShownBlock[] | null,
): ReportRow['oldest'] {
  if (blocks !== null && blocks.length > 0) {
    const age = blocks.reduce((most, block) => Math.max(most, block.age), 0);
    return { age: milliseconds(age), exact: true };
  }
  const firstAt = Math.min(...group.sites.map((site) => site.firstAt));
  const age = milliseconds(Math.max(0, snapshot.elapsed - firstAt));
  return { age, exact: group.sites.every((site) => site.freedBlocks === 0) };
}

function blocksByGroup(
  snapshot: LeakSnapshot,
  groups: readonly SiteGroup[],
  options: ReportOptions,
): Map<SiteGroup, ShownBlock[]> {
  const { blocks } = snapshot;
  const found = new Map(groups.map((group) => [group, [] as ShownBlock[]]));
  if (blocks === undefined) return found;
  const bySite: ShownBlock[][] = [];
  for (const [group, list] of found) for (const index of group.indexes) bySite[index] = list;
  collect(blocks, bySite, snapshot.elapsed, options.olderThan);
  for (const list of found.values()) list.sort((a, b) => b.size - a.size || b.age - a.age);
  return found;
}

function collect(
  blocks: Blocks,
  bySite: readonly (ShownBlock[] | undefined)[],
  elapsed: Milliseconds,
  olderThan: Milliseconds,
): void {
  for (let i = 0; i < blocks.length; i++) {
    const list = bySite[blocks.site[i] ?? -1];
    const age = milliseconds(Math.max(0, elapsed - (blocks.bornAt[i] ?? 0)));
    if (list === undefined || age < olderThan) continue;
    list.push({ address: blocks.address[i] ?? 0n, size: bytes(blocks.size[i] ?? 0), age });
  }
}

/** What children that are gone had not freed: the kernel has it back, so it is no row. */
function endedNotice(snapshot: LeakSnapshot): Notice[] {
  const gone = snapshot.images.filter(
    (image) => image.state === 'exited' && !holdsMemory(image, snapshot),
  );
  const ids = new Set(gone.map((image) => image.id));
  const held = snapshot.sites
    .filter((site) => ids.has(site.image))
    .reduce((total, site) => total + site.allocatedBytes - site.freedBytes, 0);
  if (held <= 0) return [];
  const who = gone.length === 1 ? '1 process has' : `${gone.length} processes have`;
  const text = `${who} exited holding ${held} bytes that were never freed; the kernel has taken them back`;
  return [{ code: 'exited-holding', text }];
}
