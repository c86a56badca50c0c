import type { History } from './history.ts';
import type { LeakSnapshot, Notice } from './leak-snapshot.ts';
import { type Amount, LiveBlocks } from './live-blocks.ts';
import { groupMappings, type MappingRow } from './mapping-rows.ts';
import { holdsMemory, mergeSites } from './merge-sites.ts';
import { bareRow, compareRows, liveOf, type ReportRow, type SortKey } from './report-row.ts';
import { bytes, type Bytes, type BytesPerSecond, type Milliseconds } from './units.ts';

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
  /** Of all rows that hold something, shown or not. */
  readonly rowCount: number;
  /** Outstanding: that of all rows, shown or not. */
  readonly live: Amount;
  readonly allocated: Amount;
  readonly freed: Amount;
  readonly growth: BytesPerSecond | null;
  readonly series: readonly Bytes[];
  /** The blocks that count, one by one; null where the snapshot was taken without. */
  readonly blocks: LiveBlocks | null;
  readonly mappings: readonly MappingRow[];
  /** Rows whose stacks lack their outer frames, and the bytes under them. */
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
  const blocks = LiveBlocks.of(snapshot, options.olderThan);
  const older = options.olderThan > 0 ? blocks : null;
  const bare = mergeSites(snapshot, options.perProcess).map((group) =>
    bareRow(group, snapshot.elapsed, blocks, older),
  );
  const live = sum(bare, (row) => row.live);
  history.add(
    [
      ...bare.map(({ key, live: { bytes: size } }) => ({ key, live: size })),
      { key: totalKey, live: live.bytes },
    ],
    snapshot.elapsed,
  );
  const rows = bare
    .filter((row) => row.live.blocks > 0 || row.live.bytes > 0)
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
    blocks,
    mappings: groupMappings(snapshot),
    truncated: { stacks: cut.length, bytes: sum(cut, (row) => row.live).bytes },
    notices: [...snapshot.notices, ...olderNotice(snapshot, options), ...exitedNotice(snapshot)],
    hits: snapshot.probes.reduce((total, probe) => total + probe.hits, 0),
  };
}

function sum(rows: readonly ReportRow[], of: (row: ReportRow) => Amount): Amount {
  return {
    bytes: bytes(rows.reduce((total, row) => total + of(row).bytes, 0)),
    blocks: rows.reduce((total, row) => total + of(row).blocks, 0),
  };
}

/** A filtered report must not look like a whole one. */
function olderNotice({ blocks }: LeakSnapshot, { olderThan }: ReportOptions): Notice[] {
  if (olderThan <= 0) return [];
  const text =
    blocks === undefined
      ? `blocks of every age are counted, not only those older than ${olderThan} ms: they were not read one by one`
      : `only blocks older than ${olderThan} ms are counted as outstanding`;
  return [{ code: 'older', text }];
}

/** What processes that are gone had not freed: the kernel has it back, so it is no row. */
function exitedNotice(snapshot: LeakSnapshot): Notice[] {
  const gone = new Set(
    snapshot.images
      .filter((image) => image.state === 'exited' && !holdsMemory(image, snapshot))
      .map((image) => image.id),
  );
  const held = snapshot.sites.filter((site) => gone.has(site.image)).map(liveOf);
  const size = held.reduce((total, live) => total + live.bytes, 0);
  if (size <= 0) return [];
  const who = gone.size === 1 ? '1 process has' : `${gone.size} processes have`;
  const text = `${who} exited holding ${size} bytes that were never freed; the kernel has taken them back`;
  return [{ code: 'exited-holding', text }];
}
