import type { TriageReport } from '../domain/triage/report.ts';
import type { NextCommand, Severity, Verdict } from '../domain/triage/verdict.ts';
import type { Unseen, Zone } from '../domain/triage/snapshot.ts';
import { growthText, sizeCell } from './triage-cells.ts';
import { countText, durationText } from './units.ts';
import { milliseconds } from '../domain/units.ts';

export const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'CRITICAL',
  warning: 'WARNING',
  note: 'NOTE',
  ok: 'OK',
};

/** `host  Linux 6.18.44  4 CPUs  10s, 11 samples`. */
export function triageTitle({ latest, span, samples }: TriageReport): string {
  const { name, kernel, cpus } = latest.host;
  return [
    ...(name === '' ? [] : [name]),
    ...(kernel === '' ? [] : [`Linux ${kernel}`]),
    `${cpus} CPU${cpus === 1 ? '' : 's'}`,
    samples < 2 ? 'one sample' : `${durationText(milliseconds(span))}, ${samples} samples`,
  ].join('  ');
}

/** free(1)'s table, in sizes as htop has them. */
export function freeLines({ free, latest }: TriageReport): readonly string[] {
  const { memory } = latest;
  if (free === null || memory === null) return [];
  const cells = (values: readonly string[]) =>
    values.map((value, i) => value.padStart(i === 4 ? 10 : 8)).join(' ');
  const swapUsed = memory.swapTotal - memory.swapFree;
  return [
    `${''.padEnd(5)}${cells(['total', 'used', 'free', 'shared', 'buff/cache', 'available'])}`,
    `${'Mem'.padEnd(5)}${cells([free.total, free.used, free.free, free.shared, free.buffCache, free.available].map(sizeCell))}`,
    `${'Swap'.padEnd(5)}${cells([memory.swapTotal, swapUsed, memory.swapFree].map(sizeCell))}`,
  ];
}

/** What memory is used for, and how each part moves; a minute. */
export function compositionText({ latest, trends }: TriageReport): string {
  const { memory } = latest;
  if (memory === null) return '';
  const part = (name: string, value: number | null, growth: number | null) =>
    `${name} ${sizeCell(value)}${growth === null || growthText(growth) === '0' ? '' : ` (${growthText(growth)}/min)`}`;
  const files = memory.cached + memory.buffers - (memory.shmem ?? 0);
  return [
    part('anonymous', memory.anonymous, trends.anonymous),
    part('files', files, trends.cached),
    part('shmem', memory.shmem, trends.shmem),
    part('slab', memory.slab, trends.slab),
    `unreclaimable ${sizeCell(memory.slabUnreclaimable)}`,
    `page tables ${sizeCell(memory.pageTables)}`,
    `dirty ${sizeCell(memory.dirty + memory.writeback)}`,
    ...(memory.hugetlb === null || memory.hugetlb === 0
      ? []
      : [`huge pages ${sizeCell(memory.hugetlb)}`]),
  ].join('  ');
}

/** Rates of what hurts, a second. */
export function movementText({ latest, rates }: TriageReport): string {
  const rate = (name: string, value: number | null | undefined) =>
    `${name} ${value === null || value === undefined ? '-' : countText(Math.round(value))}`;
  const { memory } = latest.pressure;
  const psi =
    memory === null
      ? 'pressure -'
      : `pressure some ${memory.some.avg10}% full ${memory.full?.avg10 ?? 0}%`;
  return [
    psi,
    rate('/s: major faults', rates.majorFaults),
    rate('refaults', rates.refaultedFile),
    rate('swap in', rates.swappedIn),
    rate('out', rates.swappedOut),
    rate('stalls', rates.allocationStalls),
    rate('kswapd', rates.reclaimedByKswapd),
    ...zoneTexts(latest.zones),
  ].join('  ');
}

/** How far the fullest zone is above its high watermark, from where kswapd rests: `free 5.1x high (Normal)`. */
function zoneTexts(zones: readonly Zone[]): readonly string[] {
  const large = zones.filter(({ name, high }) => name !== 'DMA' && high > 0);
  const [fullest] = large.toSorted((a, b) => a.free / a.high - b.free / b.high);
  if (fullest === undefined) return [];
  const several = new Set(zones.map(({ node }) => node)).size > 1;
  const where = several ? `node ${fullest.node} ${fullest.name}` : fullest.name;
  return [`free ${(fullest.free / fullest.high).toFixed(1)}x high (${where})`];
}

/** As it is typed: with sudo where root is needed and the reader is not root. */
export const commandText = ({ argv, needsRoot }: NextCommand, isRoot: boolean): string =>
  `${needsRoot && !isRoot ? 'sudo ' : ''}${argv.map(quoted).join(' ')}`;

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** `growth +120 MiB/min · own memory 1.02G`. */
export const figuresText = ({ figures }: Verdict, separator = ', '): string =>
  figures.map(({ name, text }) => `${name} ${text}`).join(separator);

const reasons: Readonly<Record<Unseen['why'], string>> = {
  'missing': 'not in this kernel or container',
  'no-privilege': 'needs root',
  'unreadable': 'cannot be read',
};

/** What could not be seen, by why: `needs root: slab caches by name, …`. */
export function unseenLines(unseen: readonly Unseen[]): readonly string[] {
  return (Object.keys(reasons) as Unseen['why'][]).flatMap((why) => {
    const what = unseen.filter((each) => each.why === why).map((each) => each.what);
    return what.length === 0 ? [] : [`not visible (${reasons[why]}): ${what.join('; ')}`];
  });
}
