import { type Pages, pages } from '../domain/units.ts';

/** One zone of the text of /proc/zoneinfo. */
export interface ZoneInfo {
  readonly node: number;
  readonly name: string;
  readonly free: Pages;
  readonly min: Pages;
  readonly low: Pages;
  readonly high: Pages;
  readonly managed: Pages;
  /** Figures of the whole node, which stand in its first zone only; empty in others. */
  readonly nodeFigures: ReadonlyMap<string, number>;
}

/** Zones in the order of the text; those without memory are left out. */
export function parseZoneinfo(text: string): ZoneInfo[] {
  const zones: ZoneInfo[] = [];
  for (const block of text.split(/^(?=Node \d+, zone)/m)) {
    const [, node, name] = /^Node (\d+), zone +(\S+)/.exec(block) ?? [];
    if (node === undefined || name === undefined) continue;
    const figures = linesOf(block);
    const managed = figures.get('managed') ?? 0;
    if (managed === 0) continue;
    const figure = (of: string) => pages(figures.get(of) ?? 0);
    zones.push({
      node: Number(node),
      name,
      free: pages(figures.get('pages free') ?? 0),
      min: figure('min'),
      low: figure('low'),
      high: figure('high'),
      managed: pages(managed),
      nodeFigures: linesOf(nodePart(block)),
    });
  }
  return zones;
}

/** `pages free     3840`, `        min      13`, `      nr_dirty     210`; the first of a name counts. */
function linesOf(block: string): ReadonlyMap<string, number> {
  const figures = new Map<string, number>();
  for (const [, name = '', value] of block.matchAll(/^ +((?:pages )?\w+) +(\d+)$/gm)) {
    if (!figures.has(name)) figures.set(name, Number(value));
  }
  return figures;
}

/** Between `per-node stats` and the zone's own figures. */
function nodePart(block: string): string {
  const from = block.indexOf('per-node stats');
  return from < 0 ? '' : block.slice(from, block.indexOf('pages free', from));
}

/** Lines `Node 0, zone   Normal  10140   6877 …` of /proc/buddyinfo: free blocks of 2^i pages, by `NODE ZONE`. */
export function parseBuddyinfo(text: string): ReadonlyMap<string, readonly number[]> {
  const blocks = new Map<string, readonly number[]>();
  for (const [, node, zone, counts] of text.matchAll(/^Node (\d+), zone +(\S+) +([\d ]+)$/gm)) {
    blocks.set(`${node} ${zone}`, (counts ?? '').trim().split(/ +/).map(Number));
  }
  return blocks;
}
