import type { AllocationKind, Site } from './leak-snapshot.ts';
import { medianLifetime } from './lifetime.ts';
import type { Amount, LiveBlocks } from './live-blocks.ts';
import type { SiteGroup } from './merge-sites.ts';
import type { Stack } from './stack.ts';
import {
  bytes,
  milliseconds,
  type Bytes,
  type BytesPerSecond,
  type Milliseconds,
} from './units.ts';

/** An age, or where not `exact` the most that it can be. */
export interface Age {
  readonly age: Milliseconds;
  readonly exact: boolean;
}

/** One call stack that allocated, with the evidence about it. */
export interface ReportRow {
  /** Stable over the reports of a session. */
  readonly key: string;
  readonly kind: AllocationKind;
  readonly stack: Stack;
  readonly pids: readonly number[];
  /** Its sites: indexes in the snapshot. */
  readonly sites: readonly number[];
  readonly live: Amount;
  readonly allocated: Amount;
  readonly freed: Amount;
  /** Freed of allocated blocks, 0 to 1. */
  readonly freedShare: number;
  readonly growth: BytesPerSecond | null;
  /** Age of the oldest live block. null where nothing is live. */
  readonly oldest: Age | null;
  /** Of the freed blocks; null where none was. */
  readonly medianLifetime: Milliseconds | null;
  /** Freed blocks by lifetime: bucket i holds [2^i, 2^(i+1)) microseconds. */
  readonly lifetimes: readonly number[];
  /** Live bytes at the latest reports, oldest first. */
  readonly series: readonly Bytes[];
}

export type SortKey = 'size' | 'count' | 'growth' | 'age';

/** How rows are compared for each order, the first one first; no two rows of a report are equal. */
export const compareRows: Readonly<Record<SortKey, (a: ReportRow, b: ReportRow) => number>> = {
  size: (a, b) => bySize(a, b),
  count: (a, b) => b.live.blocks - a.live.blocks || bySize(a, b),
  growth: (a, b) => (b.growth ?? 0) - (a.growth ?? 0) || bySize(a, b),
  age: (a, b) => (b.oldest?.age ?? 0) - (a.oldest?.age ?? 0) || bySize(a, b),
};

function bySize(a: ReportRow, b: ReportRow): number {
  return b.live.bytes - a.live.bytes || b.live.blocks - a.live.blocks || (a.key < b.key ? -1 : 1);
}

/**
 * The row of a group, before its history is known. `older`: only these blocks count as live; `blocks`: for ages. Both null where
 * blocks were not read.
 */
export function bareRow(
  group: SiteGroup,
  elapsed: Milliseconds,
  blocks: LiveBlocks | null,
  older: LiveBlocks | null,
): ReportRow {
  const { key, kind, stack, pids, sites, indexes } = group;
  const add = (of: (site: Site) => number): number =>
    sites.reduce((total, site) => total + of(site), 0);
  const allocated = {
    bytes: bytes(add((site) => site.allocatedBytes)),
    blocks: add((site) => site.allocatedBlocks),
  };
  const freed = {
    bytes: bytes(add((site) => site.freedBytes)),
    blocks: add((site) => site.freedBlocks),
  };
  const live = older?.amount(indexes) ?? {
    bytes: bytes(add((site) => liveOf(site).bytes)),
    blocks: add((site) => liveOf(site).blocks),
  };
  const lifetimes = addLifetimes(sites);
  return {
    key,
    kind,
    stack,
    pids,
    sites: indexes,
    live,
    allocated,
    freed,
    freedShare: allocated.blocks === 0 ? 0 : Math.min(1, freed.blocks / allocated.blocks),
    growth: null,
    oldest: live.blocks === 0 ? null : oldest(group, elapsed, blocks),
    medianLifetime: medianLifetime(lifetimes),
    lifetimes,
    series: [],
  };
}

/** What a site has not freed; never negative, though its counters are read one after the other. */
export function liveOf(site: Site): Amount {
  return {
    bytes: bytes(Math.max(0, site.allocatedBytes - site.freedBytes)),
    blocks: Math.max(0, site.allocatedBlocks - site.freedBlocks),
  };
}

function addLifetimes(sites: readonly Site[]): number[] {
  const sums: number[] = [];
  for (const { lifetimes } of sites) {
    for (const [i, count] of lifetimes.entries()) sums[i] = (sums[i] ?? 0) + count;
  }
  return sums;
}

// Without blocks: no older than the first one; just that where its site never freed any.
function oldest(
  { sites, indexes }: SiteGroup,
  elapsed: Milliseconds,
  blocks: LiveBlocks | null,
): Age {
  const seen = blocks?.oldest(indexes) ?? null;
  if (seen !== null) return { age: seen, exact: true };
  let first: Site | undefined;
  for (const site of sites) {
    if (liveOf(site).blocks > 0 && site.firstAt < (first?.firstAt ?? Infinity)) first = site;
  }
  const age = milliseconds(Math.max(0, elapsed - (first?.firstAt ?? elapsed)));
  return { age, exact: first?.freedBlocks === 0 };
}
