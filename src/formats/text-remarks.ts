import type { LeakReport } from '../domain/leak-report.ts';
import { lossReasons } from '../domain/losses.ts';
import { frameText } from '../view/frame-text.ts';
import { bytesText, countText, durationText, rateText } from '../view/units.ts';

const mostMappings = 5;

/** What is said below the stacks of a text report: totals, losses, mappings, cost; sentences without a mark before them. */
export function remarks(report: LeakReport): string[] {
  return [
    total(report),
    ...report.notices.map((notice) => notice.text),
    ...losses(report),
    ...truncated(report),
    ...mappings(report),
    ...cost(report),
  ];
}

function total({ live, growth, allocated, freed, snapshot, rowCount, rows }: LeakReport): string {
  const hidden = rowCount > rows.length ? `, ${rowCount - rows.length} more stacks not shown` : '';
  const rate = growth === null ? '' : `, ${rateText(growth)}`;
  const held = `${live.bytes} bytes in ${live.blocks} blocks outstanding${rate}${hidden}`;
  const seen = `${countText(allocated.blocks)} allocations and ${countText(freed.blocks)} frees of them seen in ${durationText(snapshot.elapsed)}`;
  const before =
    snapshot.unknownFrees === 0
      ? ''
      : `; ${countText(snapshot.unknownFrees)} frees of blocks from before`;
  return `${held}; ${seen}${before}`;
}

function losses({ snapshot }: LeakReport): string[] {
  if (snapshot.losses.length === 0) return [];
  return [
    'LOST, so the figures above are not whole:',
    ...snapshot.losses.map(({ reason, count, bytes }) => {
      const size = bytes > 0 ? ` (${bytes} bytes)` : '';
      return `  ${countText(count)} ${lossReasons[reason]}${size}`;
    }),
  ];
}

function truncated({ truncated: { stacks, bytes } }: LeakReport): string[] {
  if (stacks === 0) return [];
  const who = stacks === 1 ? '1 stack does' : `${stacks} stacks do`;
  return [`${who} not reach the first function of the thread; ${bytes} bytes under them`];
}

function mappings(report: LeakReport): string[] {
  if (report.mappings.length === 0) return [];
  const size = report.mappings.reduce((sum, row) => sum + row.size, 0);
  const more = report.mappings.length - mostMappings;
  return [
    `mappings that the target made itself since attaching, not ranked above: ${bytesText(size)}`,
    ...report.mappings.slice(0, mostMappings).map(({ size: each, count, use, stack }) => {
      const frames = stack.frames.slice(0, 4).map(frameText).join(' < ');
      return `  ${each} bytes in ${count} ${use.replace('-', ' ')} mapping${count === 1 ? '' : 's'}: ${frames}`;
    }),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function cost({ snapshot: { costNs, elapsed, kernelMemory, mode }, hits }: LeakReport): string[] {
  const memory = `kernel memory ${bytesText(kernelMemory)}`;
  if (mode === 'kernel' || costNs === null) return [memory];
  const share = elapsed > 0 ? (costNs / 1e6 / elapsed) * 100 : 0;
  return [
    `cost: ${countText(hits)} probe hits, about ${share.toFixed(1)}% of one CPU taken from the target; ${memory}`,
  ];
}
