import { type CacheReport, type CacheRow, kindsApart } from '../domain/cache-report.ts';
import type { CachedFile } from '../domain/cache-snapshot.ts';
import { bytes } from '../domain/units.ts';
import { fittingCellColumns } from './cache-cells.ts';
import { cacheFileText } from './cache-file-text.ts';
import { evictionRemarks, lossRemarks, modeRemarks, totalsText } from './cache-remarks.ts';
import { shortened, tableLines } from './table.ts';
import { bytesText, durationText } from './units.ts';
import { wrapped } from './wrapped.ts';

interface Paper {
  /** Characters in a line. */
  readonly width: number;
  readonly unicode: boolean;
}

/** The time of a report: `in the last 1.0s`. */
export const spanText = ({ span, length }: CacheReport): string =>
  `${span === 'interval' ? 'in the last' : 'since the session began,'} ${durationText(length)}`;

/** One row of the table with its side of the matrix: the files of a process, the processes of a file. */
export function cacheRowPage(row: CacheRow, report: CacheReport, paper: Paper): string[] {
  const { width, unicode } = paper;
  const cells = report.detail(row.id);
  const { pageSize } = report.snapshot;
  const more = unicode ? '…' : '...';
  const [name, sides] = subjectTexts(row);
  const about = `${sides}, ${spanText(report)}`;
  const evictions = report.evictions.filter(({ by, file }) => [by?.id, file.id].includes(row.id));
  return [
    `${shortened(name, width - about.length, 'beginning', more)}${about}`,
    ...indented(
      [totalsText(row.totals), ...apartRemarks(row), ...fileRemarks(row, pageSize)],
      width,
    ),
    '',
    ...(cells.length === 0
      ? [`  nothing ${spanText(report)} (a: the other span of time)`]
      : tableLines(fittingCellColumns(report.view, width), cells, width, more)),
    '',
    ...indented(evictionRemarks({ ...report, evictions }), width),
  ];
}

/** What is to be known of the whole report: how it was made, what it lacks, who evicts whom. */
export function cacheRemarksPage(report: CacheReport, only: string | null, paper: Paper): string[] {
  const section = (title: string, texts: readonly string[]) =>
    texts.length === 0 ? [] : ['', title, ...indented(texts, paper.width)];
  return [
    'How these figures come about',
    ...indented(modeRemarks(report.snapshot, only), paper.width),
    ...section('Losses and notices', [
      ...lossRemarks(report),
      ...report.notices.map(({ text }) => text),
    ]),
    ...section(`All files of storage, ${spanText(report)}`, [totalsText(report.system)]),
    ...section(
      'Apart: in no ratio',
      kindsApart.map((kind) => `${kind}: ${totalsText(report.apart[kind])}`),
    ),
    ...section('Who evicts whom', evictionRemarks(report)),
  ];
}

const indent = '  ';

const indented = (texts: readonly string[], width: number): string[] =>
  texts.flatMap((text) => wrapped(text, width - indent.length).map((line) => indent + line));

/** Who it is, and what its cells are. */
function subjectTexts({ subject }: CacheRow): readonly [name: string, sides: string] {
  switch (subject.view) {
    case 'process':
      return [`${subject.process.command}[${subject.process.pid}]`, ' and its files'];
    case 'file':
      return [cacheFileText(subject.file), ' and its processes'];
    case 'cgroup':
      return [subject.cgroup.path, ': processes and files'];
  }
}

const apartRemarks = ({ apart }: CacheRow): string[] =>
  (apart.accesses ?? 0) + (apart.writes ?? 0) === 0
    ? []
    : [`apart, metadata and memory: ${totalsText(apart)}`];

function fileRemarks({ subject, resident }: CacheRow, pageSize: number): string[] {
  if (subject.view !== 'file') return [];
  const { file } = subject;
  const cached = resident === null ? null : bytesText(bytes(resident * pageSize));
  const size = file.size === null ? '' : ` of ${bytesText(file.size)}`;
  return [...(cached === null ? [] : [`in the cache now: ${cached}${size}`]), identityText(file)];
}

const identityText = ({ fileSystem, device, inode }: CachedFile): string =>
  `${fileSystem || 'unknown file system'}, device ${device}, inode ${inode}`;
