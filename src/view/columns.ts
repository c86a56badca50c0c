import type { ReportRow } from '../domain/report-row.ts';
import type { Stack } from '../domain/stack.ts';
import { frameText } from './frame-text.ts';
import { shortName } from './short-name.ts';
import { sparkline } from './sparkline.ts';
import { bytesText, compactCountText, durationText, rateText, shareText } from './units.ts';

/** One column of the table of sites: defined here, shown wherever a table of sites is. */
export interface Column {
  readonly id: 'bytes' | 'blocks' | 'growth' | 'freed' | 'oldest' | 'median' | 'trend' | 'site';
  readonly title: string;
  /** Characters; 0 takes what is left. */
  readonly width: number;
  readonly align: 'left' | 'right';
  readonly help: string;
  readonly text: (row: ReportRow, unicode: boolean) => string;
}

const trendWidth = 10;
const countWidth = 9;

export const columns: readonly Column[] = [
  {
    id: 'bytes',
    title: 'BYTES',
    width: 6,
    align: 'right',
    help: 'outstanding: allocated since attaching and not freed',
    text: (row) => bytesText(row.live.bytes),
  },
  {
    id: 'blocks',
    title: 'BLOCKS',
    width: countWidth,
    align: 'right',
    help: 'outstanding blocks',
    text: (row) => compactCountText(row.live.blocks, countWidth),
  },
  {
    id: 'growth',
    title: '+/S',
    width: 9,
    align: 'right',
    help: 'growth of the outstanding bytes, over the reports that are kept',
    text: (row) => rateText(row.growth),
  },
  {
    id: 'freed',
    title: 'FREED',
    width: 6,
    align: 'right',
    help: 'share of its blocks that were ever freed',
    text: (row) => shareText(row.freedShare),
  },
  {
    id: 'oldest',
    title: 'OLDEST',
    width: 7,
    align: 'right',
    help: 'age of its oldest outstanding block; ≤ where some were freed since',
    text: ({ oldest }) =>
      oldest === null ? '-' : `${oldest.exact ? '' : '≤'}${durationText(oldest.age)}`,
  },
  {
    id: 'median',
    title: 'MEDIAN',
    width: 7,
    align: 'right',
    help: 'median lifetime of its freed blocks',
    text: ({ medianLifetime }) => (medianLifetime === null ? '-' : durationText(medianLifetime)),
  },
  {
    id: 'trend',
    title: 'TREND',
    width: trendWidth,
    align: 'left',
    help: 'outstanding bytes at the latest reports, from 0 to their highest',
    text: (row, unicode) => sparkline(row.series, trendWidth, unicode),
  },
  {
    id: 'site',
    title: 'ALLOCATED BY',
    width: 0,
    align: 'left',
    help: 'the function that allocated, its module, and its callers',
    text: ({ stack }) => siteText(stack),
  },
];

/** `parse_header [app] < serve < main`: offsets and modules of callers are in the stack itself. */
function siteText({ frames }: Stack): string {
  const [leaf, ...callers] = frames;
  if (leaf === undefined) return '(stack lost)';
  const first =
    leaf.symbol === null
      ? frameText(leaf)
      : `${shortName(leaf.symbol)} [${leaf.module ?? 'unknown'}]`;
  return [
    first,
    ...callers.map(({ symbol }) => (symbol === null ? '[unknown]' : shortName(symbol))),
  ].join(' < ');
}

/** In which order columns are given up when the terminal is narrow. */
const dispensable: readonly Column['id'][] = [
  'median',
  'trend',
  'oldest',
  'freed',
  'blocks',
  'growth',
];
const leastSiteWidth = 30;

/** The columns that fit, the last one with what is left of the width; one space between two. */
export function fittingColumns(width: number): readonly Column[] {
  const left = new Set(columns.map((column) => column.id));
  const fits = () =>
    columns
      .filter((column) => left.has(column.id))
      .reduce((sum, column) => sum + (column.width || leastSiteWidth) + 1, 0) <= width;
  for (const id of dispensable) {
    if (fits()) break;
    left.delete(id);
  }
  return columns.filter((column) => left.has(column.id));
}
