import type { CounterName } from '../domain/triage/counters.ts';
import type { TriageHistory } from '../domain/triage/history.ts';
import type { TriageReport } from '../domain/triage/report.ts';
import type { PressureLine, TriageSnapshot } from '../domain/triage/snapshot.ts';
import { bar, memoryBar, swapBar } from './memory-bar.ts';
import { sparkline } from './sparkline.ts';
import { growthText, sizeCell } from './triage-cells.ts';
import { countText, shareText } from './units.ts';

/** What a line of figures is drawn for: a machine's report and the window that it is of. */
export interface GaugeReading {
  readonly report: TriageReport;
  readonly history: TriageHistory;
}

/** One line of figures with its picture: a bar or a sparkline. */
interface Gauge {
  readonly name: string;
  readonly picture: (reading: GaugeReading, width: number, unicode: boolean) => string;
  /** What it says, the most telling first; null: there is no such thing on this machine. */
  readonly says: (reading: GaugeReading) => readonly string[] | null;
}

export interface Paper {
  /** Characters in a line. */
  readonly width: number;
  readonly unicode: boolean;
}

/** The lines of figures for so many lines: what a machine has none of makes room for others. */
export function gaugeLines(reading: GaugeReading, count: number, paper: Paper): string[] {
  const { width, unicode } = paper;
  const pictureWidth = Math.max(8, Math.min(40, Math.floor(width / 5)));
  const said = gauges
    .map(({ name, picture, says }) => ({ name, picture, texts: says(reading) }))
    .filter(({ texts }) => texts !== null)
    .slice(0, count);
  return said.map(({ name, picture, texts }) => {
    const start = `${name.padEnd(8)} ${picture(reading, pictureWidth, unicode).padEnd(pictureWidth)}`;
    return `${start}  ${fitting(texts ?? [], width - start.length - 2)}`;
  });
}

/** As many of the texts as there is room for; the first one in any case. */
function fitting(texts: readonly string[], width: number): string {
  let line = texts[0] ?? '';
  for (const text of texts.slice(1)) {
    if (line.length + 2 + text.length > width) break;
    line += `  ${text}`;
  }
  return line;
}

const graph =
  (name: CounterName) =>
  ({ history }: GaugeReading, width: number, unicode: boolean): string =>
    sparkline(history.rates(name), width, unicode);

/** How a size moves within the window: from its least to its most, at least a mebibyte. */
const course =
  (size: (snapshot: TriageSnapshot) => number | null | undefined) =>
  ({ history }: GaugeReading, width: number, unicode: boolean): string =>
    trendLine(
      history.points(size).map(({ value }) => value),
      width,
      unicode,
    );

/** Growth from the least to the most of the values; what is less than a mebibyte in all stays low. */
export function trendLine(values: readonly number[], width: number, unicode: boolean): string {
  const shown = values.slice(-width);
  const least = Math.min(...shown);
  return sparkline(
    shown.map((value) => (value - least) / 2 ** 20),
    width,
    unicode,
  );
}

const rate = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : countText(Math.round(value));

const averages = ({ avg10, avg60, avg300 }: PressureLine): string => `${avg10} ${avg60} ${avg300}`;

/** In bytes a minute, with its unit; nothing where it stands still. */
const moving = (bytesPerSecond: number | null): string => {
  const text = growthText(bytesPerSecond);
  return text === '0' || text === '-' ? '' : ` ${text}/min`;
};

const gauges: readonly Gauge[] = [
  {
    name: 'Memory',
    picture: ({ report }, width, unicode) => memoryBar(report, width, unicode),
    says: ({ report: { free, trends, latest } }) =>
      free === null
        ? ['not told']
        : [
            `${sizeCell(free.available)} of ${sizeCell(free.total)} available${moving(trends.available)}`,
            `used ${sizeCell(free.used)}`,
            `free ${sizeCell(free.free)}`,
            `buff/cache ${sizeCell(free.buffCache)}`,
            `shared ${sizeCell(free.shared)}`,
            ...(latest.memory?.swapTotal === 0 ? ['no swap'] : []),
          ],
  },
  {
    name: 'Pressure',
    picture: graph('allocationStalls'),
    says: ({ report: { latest, rates } }) => {
      const { memory, io } = latest.pressure;
      const psi =
        memory === null
          ? ['waited for memory: not told']
          : [
              `waited for memory ${averages(memory.some)}%`,
              '(10 60 300 s)',
              ...(memory.full === null ? [] : [`all tasks ${averages(memory.full)}%`]),
            ];
      return [
        ...psi,
        `stalls ${rate(rates.allocationStalls)}/s`,
        ...(io === null ? [] : [`for storage ${averages(io.some)}%`]),
      ];
    },
  },
  {
    name: 'Swap',
    picture: ({ report }, width, unicode) => swapBar(report, width, unicode),
    says: ({ report: { latest, rates } }) => {
      const { memory, settings } = latest;
      if (memory === null || memory.swapTotal === 0) return null;
      return [
        `${sizeCell(memory.swapTotal - memory.swapFree)} of ${sizeCell(memory.swapTotal)}`,
        `pages in ${rate(rates.swappedIn)}/s out ${rate(rates.swappedOut)}/s`,
        `swappiness ${settings.swappiness ?? '-'}`,
      ];
    },
  },
  {
    name: 'Cache',
    picture: graph('refaultedFile'),
    says: ({ report: { latest, rates, trends } }) => {
      const { memory } = latest;
      if (memory === null) return null;
      const files = memory.cached + memory.buffers - (memory.shmem ?? 0);
      return [
        `files ${sizeCell(files)}${moving(trends.cached)}`,
        `refaults ${rate(rates.refaultedFile)}/s`,
        `dirty ${sizeCell(memory.dirty + memory.writeback)}`,
        `KiB read ${rate(rates.pagedIn)}/s written ${rate(rates.pagedOut)}/s`,
      ];
    },
  },
  {
    name: 'Slab',
    picture: course(({ memory }) => memory?.slab),
    says: ({ report: { latest, trends, slabs } }) => {
      const [top] = slabs;
      return [
        `${sizeCell(latest.memory?.slab)}${moving(trends.slab)}`,
        `unreclaimable ${sizeCell(latest.memory?.slabUnreclaimable)}`,
        ...(top === undefined
          ? []
          : [`${top.of.name} ${sizeCell(top.of.size)}${moving(top.growth)}`]),
      ];
    },
  },
  {
    name: 'Faults',
    picture: graph('majorFaults'),
    says: ({ report: { rates } }) => [
      `major ${rate(rates.majorFaults)}/s`,
      `all ${rate(rates.faults)}/s`,
    ],
  },
  {
    name: 'Reclaim',
    picture: graph('reclaimedByKswapd'),
    says: ({ report: { latest, rates } }) => {
      const zone = latest.zones.toSorted((a, b) => a.free / a.high - b.free / b.high)[0];
      return [
        `pages by kswapd ${rate(rates.reclaimedByKswapd)}/s`,
        `by tasks ${rate(rates.reclaimedDirectly)}/s`,
        ...(zone === undefined || zone.high === 0
          ? []
          : [`${zone.name} has ${(zone.free / zone.high).toFixed(1)}× its high watermark free`]),
      ];
    },
  },
  {
    name: 'Shared',
    picture: course(({ memory }) => memory?.shmem),
    says: ({ report: { latest, trends } }) => [
      `tmpfs and shared memory ${sizeCell(latest.memory?.shmem)}${moving(trends.shmem)}`,
      ...latest.memoryMounts
        .filter(({ used }) => used >= 2 ** 20)
        .toSorted((a, b) => b.used - a.used)
        .map(
          ({ path, used, size }) =>
            `${path} ${sizeCell(used)}${size > 0 ? ` of ${sizeCell(size)}` : ''}`,
        ),
    ],
  },
  {
    name: 'Cgroup',
    picture: ({ report }, width, unicode) => {
      const limited = report.cgroups.find(({ of }) => of.limit !== null)?.of;
      return limited === undefined ? '' : bar([limited.usage], limited.limit ?? 0, width, unicode);
    },
    says: ({ report }) => {
      const limited = report.cgroups.find(({ of }) => of.limit !== null);
      if (limited === undefined) return null;
      const { usage, limit, path } = limited.of;
      const share = limit === null || limit === 0 ? '-' : shareText(usage / limit);
      return [
        `nearest to its limit: ${sizeCell(usage)} of ${sizeCell(limit)} (${share})${moving(limited.growth)}`,
        path,
      ];
    },
  },
  {
    name: 'Used for',
    picture: course(({ memory }) => memory?.anonymous),
    says: ({ report: { latest, trends } }) => [
      `anonymous ${sizeCell(latest.memory?.anonymous)}${moving(trends.anonymous)}`,
      `page tables ${sizeCell(latest.memory?.pageTables)}`,
      `kernel stacks ${sizeCell(latest.memory?.kernelStack)}`,
      `promised ${sizeCell(latest.memory?.committed)}`,
      ...(latest.memory?.hugetlb ? [`huge pages ${sizeCell(latest.memory.hugetlb)}`] : []),
    ],
  },
];
