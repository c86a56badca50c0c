import type { NumaNode, Zone } from '../domain/triage/snapshot.ts';
import { bytes, type Bytes } from '../domain/units.ts';
import { parseBuddyinfo, parseZoneinfo, type ZoneInfo } from './zoneinfo.ts';

/** Zones and nodes by the texts of /proc/zoneinfo and /proc/buddyinfo (null: not there). */
export function zonesOf(
  zoneinfo: string,
  buddyinfo: string | null,
  pageSize: Bytes,
): { readonly zones: readonly Zone[]; readonly nodes: readonly NumaNode[] } {
  const parsed = parseZoneinfo(zoneinfo);
  const blocks = buddyinfo === null ? new Map() : parseBuddyinfo(buddyinfo);
  const ids = [...new Set(parsed.map(({ node }) => node))];
  return {
    zones: parsed.map(({ nodeFigures: _, ...zone }) => ({
      ...zone,
      freeBlocks: blocks.get(`${zone.node} ${zone.name}`) ?? null,
    })),
    nodes: ids.map((id) =>
      nodeOf(
        id,
        parsed.filter(({ node }) => node === id),
        pageSize,
      ),
    ),
  };
}

function nodeOf(id: number, zones: readonly ZoneInfo[], pageSize: Bytes): NumaNode {
  const sum = (of: (zone: ZoneInfo) => number) =>
    bytes(zones.reduce((all, zone) => all + of(zone), 0) * pageSize);
  return {
    id,
    total: sum(({ managed }) => managed),
    free: sum(({ free }) => free),
    file: lruOf(zones, 'file', pageSize),
    anonymous: lruOf(zones, 'anon', pageSize),
  };
}

function lruOf(zones: readonly ZoneInfo[], kind: 'file' | 'anon', pageSize: Bytes): Bytes | null {
  const figures = zones.find(({ nodeFigures }) => nodeFigures.size > 0)?.nodeFigures;
  const active = figures?.get(`nr_active_${kind}`);
  const inactive = figures?.get(`nr_inactive_${kind}`);
  return active === undefined || inactive === undefined
    ? null
    : bytes((active + inactive) * pageSize);
}

/** Bytes per page: all pages the allocator manages are MemTotal, within a few. 4096 where that cannot be told. */
export function pageSizeOf(total: Bytes | null, zoneinfo: string | null): Bytes {
  const managed =
    zoneinfo === null ? 0 : parseZoneinfo(zoneinfo).reduce((sum, zone) => sum + zone.managed, 0);
  if (total === null || managed === 0) return bytes(4096);
  return bytes(2 ** Math.min(16, Math.max(12, Math.round(Math.log2(total / managed)))));
}
