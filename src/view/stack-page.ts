import type { LeakReport } from '../domain/leak-report.ts';
import type { ReportRow } from '../domain/report-row.ts';
import type { Stack } from '../domain/stack.ts';
import { endText, frameText, hiddenText, lineText } from './frame-text.ts';
import { bytesText, countText, durationText, rateText, shareText } from './units.ts';

const barWidth = 30;

/** All that is known of one row, as lines. */
export function stackPage(
  row: ReportRow,
  stack: Stack,
  report: LeakReport,
  unicode: boolean,
): string[] {
  const { live, allocated, freed, oldest, medianLifetime } = row;
  const comments = new Map(report.snapshot.images.map((image) => [image.pid, image.command]));
  return [
    `${bytesText(live.bytes)} (${live.bytes} bytes) in ${countText(live.blocks)} blocks outstanding  ${rateText(row.growth)}`,
    '',
    ...stack.frames.map((frame, i) => {
      const line = lineText(frame);
      const inlined = frame.inlined === true ? ' (inlined)' : '';
      return `${String(i).padStart(3)}  ${frameText(frame)}${line === '' ? '' : `  ${line}`}${inlined}`;
    }),
    ...[hiddenText(stack), endText(stack)]
      .filter((note) => note !== '')
      .map((note) => `     # ${note}`),
    '',
    `allocated  ${bytesText(allocated.bytes)} in ${countText(allocated.blocks)} blocks since attaching`,
    `freed      ${bytesText(freed.bytes)} in ${countText(freed.blocks)} blocks (${shareText(row.freedShare)})`,
    `oldest     ${oldest === null ? '-' : `${oldest.exact ? '' : 'at most '}${durationText(oldest.age)}`}`,
    `lifetime   ${medianLifetime === null ? 'none was freed' : `median ${durationText(medianLifetime)} of those freed`}`,
    `processes  ${row.pids.map((pid) => `${comments.get(pid) ?? ''}[${pid}]`).join(' ')}`,
    ...lifetimeLines(row.lifetimes, unicode),
  ];
}

function lifetimeLines(buckets: readonly number[], unicode: boolean): string[] {
  const most = Math.max(0, ...buckets);
  if (most === 0) return [];
  const first = buckets.findIndex((count) => count > 0);
  const last = buckets.findLastIndex((count) => count > 0);
  return [
    '',
    'freed blocks by lifetime',
    ...buckets.slice(first, last + 1).map((count, i) => {
      const from = durationText(2 ** (first + i) / 1000).padStart(8);
      const bar = (unicode ? '█' : '#').repeat(Math.ceil((count / most) * barWidth));
      return `  ${from}  ${countText(count).padStart(10)}  ${bar}`;
    }),
  ];
}

/** The mappings section as lines. */
export function mappingsPage(report: LeakReport): string[] {
  const size = report.mappings.reduce((sum, row) => sum + row.size, 0);
  return [
    `Mappings that the target made itself since attaching: ${bytesText(size)} (blocks may lie in them: not ranked)`,
    '',
    ...report.mappings.map((row) => {
      const frames = row.stack.frames.map(frameText).join(' < ');
      return `${bytesText(row.size).padStart(7)}  ${String(row.count).padStart(5)}  ${row.use.padEnd(12)}  ${frames}`;
    }),
    ...(report.mappings.length === 0 ? ['none'] : []),
  ];
}
