import type { Blocks, Image, LeakSnapshot, Site } from '../../src/domain/leak-snapshot.ts';
import type { Frame, Stack } from '../../src/domain/stack.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';

/** What a drawing cannot say. */
export type Rest = Partial<Omit<LeakSnapshot, 'blocks' | 'stacks' | 'sites'>> & {
  /** Whether the snapshot was taken with its blocks. */
  readonly withBlocks?: boolean;
};

interface DrawnBlock {
  readonly size: number;
  readonly pid: number;
  readonly born: number;
  /** How long it lived, or null while it is live. */
  readonly lived: number | null;
  readonly stack: Stack;
}

const labels = ['bytes', 'born', 'lived', 'pid'] as const;
type Label = (typeof labels)[number];

/**
 * A snapshot from a drawing: each column is a block, under its size the frames of its stack, outermost first. Frames are
 * `function` or `module!function`; a `~` above them says that the stack is cut there. Rows before the frames may begin with
 * a label: `bytes` (the first row), `born` and `lived` (milliseconds; a block that `lived` was freed), `pid`.
 */
export function heapFromText(drawing: string, rest: Rest = {}): LeakSnapshot {
  const elapsed = rest.elapsed ?? milliseconds(10_000);
  const blocks = columnsOf(drawing).map(blockOf);
  const pids = [...new Set(blocks.map((block) => block.pid))];
  const images = rest.images ?? pids.map((pid, i) => imageOf(i + 1, pid));
  const sites = new Map<string, { site: Site; index: number }>();
  const siteOf = blocks.map((block) => {
    const image = images.find((each) => each.pid === block.pid)?.id ?? 0;
    const key = `${image} ${block.stack.id}`;
    const known = sites.get(key) ?? { site: emptySite(block, image), index: sites.size };
    sites.set(key, { ...known, site: booked(known.site, block) });
    return known.index;
  });
  const { withBlocks = false, ...others } = rest;
  return {
    takenAt: Date.UTC(2026, 10, 21, 2, 53, 38),
    mode: 'user',
    mappings: [],
    losses: [],
    unknownFrees: 0,
    probes: [],
    costNs: null,
    kernelMemory: bytes(0),
    notices: [],
    ...others,
    elapsed,
    images,
    sites: [...sites.values()].map(({ site }) => site),
    stacks: new Map(blocks.map(({ stack }) => [stack.id, stack])),
    ...(withBlocks ? { blocks: liveColumns(blocks, siteOf) } : {}),
  };
}

const imageOf = (id: number, pid: number): Image => ({
  id,
  pid,
  command: 'app',
  parent: id === 1 ? 0 : 1,
  state: 'running',
  blindMs: milliseconds(0),
});

/** The drawing's columns: cells that begin under each other. */
function columnsOf(drawing: string): { label: Label | null; cell: string }[][] {
  const lines = drawing.split('\n').filter((line) => line.trim() !== '');
  const rows = lines.map((line) => {
    const cells = [...line.matchAll(/\S+/g)].map((match) => ({ at: match.index, cell: match[0] }));
    const label = labels.find((each) => each === cells[0]?.cell) ?? null;
    return { label, cells: label === null ? cells : cells.slice(1) };
  });
  const starts = rows[0]?.cells.map(({ at }) => at) ?? [];
  const stray = rows.flatMap(({ cells }) => cells).find(({ at }) => !starts.includes(at));
  if (stray !== undefined) throw new Error(`${stray.cell} stands under no size`);
  return starts.map((start) =>
    rows.flatMap(({ label, cells }) =>
      cells.filter(({ at }) => at === start).map(({ cell }) => ({ label, cell })),
    ),
  );
}

function blockOf([first, ...cells]: { label: Label | null; cell: string }[]): DrawnBlock {
  const value = (label: Label): number | null => {
    const cell = cells.find((each) => each.label === label)?.cell;
    return cell === undefined || cell === '-' ? null : Number(cell);
  };
  const names = cells.filter(({ label }) => label === null).map(({ cell }) => cell);
  return {
    size: Number(first?.cell),
    pid: value('pid') ?? 1,
    born: value('born') ?? 0,
    lived: value('lived'),
    stack: stackOf(names),
  };
}

function stackOf(names: readonly string[]): Stack {
  const isCut = names[0] === '~';
  const frames = (isCut ? names.slice(1) : names).toReversed().map(frameOf);
  return { id: names.join('<'), frames, end: isCut ? 'broken' : 'root' };
}

function frameOf(name: string): Frame {
  const [symbol = '', module = 'app'] = name.split('!').toReversed();
  const offset = symbol.length;
  return { address: 0x400000n + BigInt(offset), symbol, offset, module };
}

const emptySite = ({ stack, born }: DrawnBlock, image: number): Site => ({
  stackId: stack.id,
  image,
  kind: 'heap',
  allocatedBytes: bytes(0),
  allocatedBlocks: 0,
  freedBytes: bytes(0),
  freedBlocks: 0,
  firstAt: milliseconds(born),
  latestAt: milliseconds(born),
  lifetimes: Array.from({ length: 32 }, () => 0),
});

function booked(site: Site, { size, born, lived }: DrawnBlock): Site {
  const isFreed = lived !== null;
  const bucket = Math.floor(Math.log2(Math.max(1, (lived ?? 0) * 1000)));
  return {
    ...site,
    allocatedBytes: bytes(site.allocatedBytes + size),
    allocatedBlocks: site.allocatedBlocks + 1,
    freedBytes: bytes(site.freedBytes + (isFreed ? size : 0)),
    freedBlocks: site.freedBlocks + (isFreed ? 1 : 0),
    firstAt: milliseconds(Math.min(site.firstAt, born)),
    latestAt: milliseconds(Math.max(site.latestAt, born)),
    lifetimes: site.lifetimes.map((count, i) => count + (isFreed && i === bucket ? 1 : 0)),
  };
}

function liveColumns(blocks: readonly DrawnBlock[], siteOf: readonly number[]): Blocks {
  const live = blocks.flatMap((block, i) =>
    block.lived === null ? [{ ...block, site: siteOf[i] ?? -1, address: 0x1000 * (i + 1) }] : [],
  );
  return {
    length: live.length,
    address: BigUint64Array.from(live, ({ address }) => BigInt(address)),
    size: Float64Array.from(live, ({ size }) => size),
    bornAt: Float64Array.from(live, ({ born }) => born),
    site: Int32Array.from(live, ({ site }) => site),
  };
}
