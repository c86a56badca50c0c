import type { LeakReport } from '../domain/leak-report.ts';
import type { Amount, LiveBlock } from '../domain/live-blocks.ts';
import { lossReasons } from '../domain/losses.ts';
import type { ReportRow } from '../domain/report-row.ts';
import type { Frame, Stack } from '../domain/stack.ts';
import type { Format, Shown } from './format.ts';

const version = 1;

const line = (type: string, fields: Record<string, unknown>): string =>
  `${JSON.stringify({ v: version, type, ...fields })}\n`;
const hex = (n: bigint): string => `0x${n.toString(16)}`;
const rounded = (n: number): number => Math.round(n * 1000) / 1000;

/** NDJSON: one object a line, docs/leak.schema.json. Bytes are integers, times milliseconds, addresses hex strings. */
export const json: Format = {
  perProcess: true,

  opening: ({ at, target }) => line('meta', { time: new Date(at).toISOString(), target }),

  report(report, stacks, shown) {
    const { snapshot } = report;
    return line('report', {
      time: new Date(snapshot.takenAt).toISOString(),
      elapsedMs: rounded(snapshot.elapsed),
      mode: snapshot.mode,
      ...(snapshot.ended === undefined ? {} : { ended: snapshot.ended }),
      outstanding: amount(report.live),
      allocated: amount(report.allocated),
      freed: amount(report.freed),
      growthBytesPerSecond: report.growth === null ? null : rounded(report.growth),
      siteCount: report.rowCount,
      sites: report.rows.map((row) =>
        site(row, stacks.get(row.stack.id) ?? row.stack, report, shown),
      ),
      mappings: report.mappings.flatMap((row) =>
        row.mappings.map(({ address, size, use, image, bornAt }) => ({
          address: hex(address),
          size,
          use,
          image,
          bornAtMs: rounded(bornAt),
          frames: frames(row.stack),
        })),
      ),
      images: snapshot.images.map((image) => ({ ...image, blindMs: rounded(image.blindMs) })),
      losses: snapshot.losses.map((loss) => ({ ...loss, text: lossReasons[loss.reason] })),
      unknownFrees: snapshot.unknownFrees,
      truncatedStacks: report.truncated,
      probes: snapshot.probes,
      costNs: snapshot.costNs === null ? null : Math.round(snapshot.costNs),
      kernelMemoryBytes: snapshot.kernelMemory,
      notices: report.notices,
    });
  },

  event: ({ at, what, address, size, pid, tid, command, stack }, startedAt) =>
    line('trace', {
      time: new Date(startedAt + at).toISOString(),
      atMs: rounded(at),
      what,
      address: hex(address),
      size,
      pid,
      tid,
      command,
      frames: stack === null ? [] : frames(stack),
    }),
};

const amount = ({ bytes, blocks }: Amount) => ({ bytes, blocks });

function site(
  row: ReportRow,
  stack: Stack,
  report: LeakReport,
  shown: Shown,
): Record<string, unknown> {
  return {
    kind: row.kind,
    pid: row.pids[0],
    outstandingBytes: row.live.bytes,
    outstandingBlocks: row.live.blocks,
    allocatedBytes: row.allocated.bytes,
    allocatedBlocks: row.allocated.blocks,
    freedBytes: row.freed.bytes,
    freedBlocks: row.freed.blocks,
    growthBytesPerSecond: row.growth === null ? null : rounded(row.growth),
    oldestMs: row.oldest === null ? null : rounded(row.oldest.age),
    oldestIsExact: row.oldest?.exact ?? null,
    medianLifetimeMs: row.medianLifetime === null ? null : rounded(row.medianLifetime),
    lifetimesLog2Us: row.lifetimes,
    stack: stack.id,
    stackEnd: stack.end,
    frames: frames(stack),
    ...(shown.blocks && report.blocks !== null
      ? { blocks: report.blocks.list(row.sites).map(block) }
      : {}),
  };
}

const block = ({ address, size, age }: LiveBlock) => ({
  address: hex(address),
  size,
  ageMs: rounded(age),
});

const frames = (stack: Stack) => stack.frames.map(frame);

function frame({ address, ...rest }: Frame): Record<string, unknown> {
  return { address: hex(address), ...rest };
}
