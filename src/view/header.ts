import type { LeakReport } from '../domain/leak-report.ts';
import { sparkline } from './sparkline.ts';
import { bytesText, clockText, countText, durationText, rateText } from './units.ts';

/** What is said above every screen of a leak session. */
export interface HeaderTexts {
  readonly title: string;
  readonly clock: string;
  readonly outstanding: string;
  readonly cost: string;
  /** Empty where nothing was lost, cut or to be remarked. */
  readonly warnings: readonly string[];
}

export function headerTexts(report: LeakReport, target: string, unicode: boolean): HeaderTexts {
  const { snapshot, live, growth, series } = report;
  const trend = series.length > 1 ? `  ${sparkline(series, 20, unicode).trimStart()}` : '';
  return {
    title: `memtrace leak  ${target}  ${allocators(report)}  for ${durationText(snapshot.elapsed)}`,
    clock: clockText(snapshot.takenAt),
    outstanding: `Outstanding ${bytesText(live.bytes)} in ${countText(live.blocks)} blocks  ${rateText(growth)}${trend}`,
    cost: costText(report),
    warnings: [...lossTexts(report), ...report.notices.map((notice) => notice.text)],
  };
}

function allocators({ snapshot }: LeakReport): string {
  if (snapshot.mode === 'kernel') return 'slab and pages';
  const called = snapshot.probes.filter(
    ({ hits, allocator }) => hits > 0 && allocator !== 'mappings',
  );
  const names = [...new Set(called.map((probe) => probe.allocator))];
  return names.length === 0 ? 'no call yet' : names.join(', ');
}

function costText({ snapshot, hits, truncated }: LeakReport): string {
  const seconds = Math.max(0.001, snapshot.elapsed / 1000);
  const share = snapshot.costNs === null ? null : snapshot.costNs / 1e7 / seconds;
  const lost = snapshot.losses.reduce((sum, loss) => sum + loss.count, 0);
  return [
    ...(share === null ? [] : [`Cost ${share.toFixed(1)}% CPU on average`]),
    ...(snapshot.mode === 'kernel' ? [] : [`hits ${countText(Math.round(hits / seconds))}/s`]),
    `lost ${countText(lost)}`,
    `cut stacks ${truncated.stacks}`,
    `kernel ${bytesText(snapshot.kernelMemory)}`,
  ].join('  ');
}

function lossTexts({ snapshot }: LeakReport): string[] {
  if (snapshot.losses.length === 0) return [];
  const all = snapshot.losses.map(({ reason, count, bytes }) => {
    const size = bytes > 0 ? ` (${bytesText(bytes)})` : '';
    return `${countText(count)} ${reason}${size}`;
  });
  return [`LOST: ${all.join(', ')}`];
}
