import type { FileReport } from '../../domain/file-report.ts';
import type { Refusal, ResidentRange } from '../../domain/file-residency.ts';
import { type BytePath, pathText } from '../../domain/byte-path.ts';
import { explain } from '../../errors/catalog.ts';
import { fileTable, nameText, percentText } from '../../view/file-columns.ts';
import { printable } from '../../view/printable.ts';
import { bytesText, countText } from '../../view/units.ts';
import { bytes } from '../../domain/units.ts';
import type { FileFormat, FileLayout, FileOpening } from './format.ts';
import { failureOf } from './refusal.ts';

/** On a terminal, so many sentences about paths that could not be measured. */
const mostRefusals = 10;

/** pcstat's table; what is ours are more columns, and lines that begin with `#`. */
export const text: FileFormat = (report, opening, layout) => {
  const folder = layout.width === null ? '' : commonFolder(report.rows.map(({ path }) => path));
  const style = {
    exact: layout.width === null,
    unicode: layout.unicode,
    folder,
    sort: report.sort,
  };
  const lines = [
    ...(folder === '' ? [] : [`# in ${printable(pathText(folder))}`]),
    ...fileTable(report.rows, layout.width, style),
    ...rangeLines(report, folder),
    ...remarks(report, opening, layout).map((remark) => `# ${remark}`),
  ];
  return `${lines.join('\n')}\n`;
};

/** The directory, with its slash, in which all the paths are; empty where that is not worth a line. */
function commonFolder(paths: readonly BytePath[]): BytePath {
  const [first = ''] = paths;
  let end = first.lastIndexOf('/') + 1;
  for (const path of paths) {
    while (end > 0 && !path.startsWith(first.slice(0, end)))
      end = first.lastIndexOf('/', end - 2) + 1;
  }
  return paths.length > 1 && end > 1 ? first.slice(0, end) : '';
}

/** `NAME: pages 0-15, 32-47 (3 dirty)` */
function rangeLines({ rows }: FileReport, folder: BytePath): string[] {
  return rows.flatMap((row) =>
    row.ranges === null
      ? []
      : [
          `# ${nameText(row, { folder })}: ${row.ranges.length === 0 ? 'no page' : `pages ${row.ranges.map(rangeText).join(', ')}`}`,
        ],
  );
}

function rangeText({ first, pages, dirty, writeback }: ResidentRange): string {
  const span = pages === 1 ? `${first}` : `${first}-${first + pages - 1}`;
  const states = [
    ...(dirty > 0 ? [`${dirty} dirty`] : []),
    ...(writeback > 0 ? [`${writeback} under writeback`] : []),
  ];
  return states.length === 0 ? span : `${span} (${states.join(', ')})`;
}

function remarks(report: FileReport, opening: FileOpening, layout: FileLayout): string[] {
  const { totals, omitted } = report;
  const pageBytes = (pages: number) => bytesText(bytes(pages * opening.pageSize));
  return [
    ...(omitted === 0 ? [] : [`${counted(omitted, 'more row')} not shown: --top 0`]),
    `total: ${counted(totals.files, 'file')}, ${bytesText(totals.size)}, ` +
      `${countText(totals.cached)} of ${countText(totals.pages)} pages cached (${pageBytes(totals.cached)}, ${percentText(totals)}%)`,
    ...stateRemark(report),
    ...methodRemark(report),
    ...(totals.repeated === 0
      ? []
      : [
          `${countText(totals.repeated)} of the rows ${totals.repeated === 1 ? 'names' : 'name'} a file of another row: counted once`,
        ]),
    ...(opening.skippedLinks === 0
      ? []
      : [`${counted(opening.skippedLinks, 'symbolic link')} not followed: --dereference`]),
    ...(opening.vanished === 0 ? [] : [`${counted(opening.vanished, 'file')} vanished meanwhile`]),
    ...(opening.incomplete ? ['STOPPED: not everything was looked at'] : []),
    ...refusalRemarks(report.refusals, layout),
  ];
}

const counted = (count: number, noun: string): string =>
  `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;

function stateRemark({ totals }: FileReport): string[] {
  const { dirty, writeback, evicted, recentlyEvicted } = totals.states;
  const parts = [
    ...(dirty > 0 ? [`${countText(dirty)} dirty`] : []),
    ...(writeback > 0 ? [`${countText(writeback)} under writeback`] : []),
    ...(evicted > 0
      ? [`${countText(evicted)} evicted (${countText(recentlyEvicted)} recently)`]
      : []),
  ];
  return parts.length === 0 ? [] : [`pages: ${parts.join(', ')}`];
}

function methodRemark({ totals }: FileReport): string[] {
  const { cachestat, mincore } = totals.byMethod;
  if (mincore === 0) return cachestat === 0 ? [] : ['measured by cachestat(2)'];
  const blind = 'mincore(2): dirty and evicted pages unknown';
  return [
    cachestat === 0
      ? `measured by ${blind}`
      : `measured by cachestat(2); ${counted(mincore, 'file')} by ${blind}`,
  ];
}

function refusalRemarks(refusals: readonly Refusal[], { width }: FileLayout): string[] {
  const shown = width === null ? refusals : refusals.slice(0, mostRefusals);
  const rest = refusals.length - shown.length;
  return [
    ...shown.map((refusal) => explain(failureOf(refusal)).message),
    ...(rest === 0
      ? []
      : [`${countText(rest)} more could not be measured: --plain names them all`]),
  ];
}
