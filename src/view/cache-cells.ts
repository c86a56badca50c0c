import type { CacheCell, CacheView } from '../domain/cache-report.ts';
import {
  type CacheMeasureId,
  cacheMeasures,
  leastNameWidth,
  measureText,
} from './cache-columns.ts';
import { cacheFileText } from './cache-file-text.ts';
import { fittingTableColumns, type TableColumn } from './table.ts';

const measures: readonly CacheMeasureId[] = [
  'hits',
  'misses',
  'ratio',
  'readAhead',
  'waited',
  'dirtied',
  'writes',
  'evicted',
  'refaulted',
  'wasted',
  'direct',
];

const dispensable: readonly CacheMeasureId[] = [
  'direct',
  'wasted',
  'writes',
  'refaulted',
  'dirtied',
  'evicted',
  'waited',
  'readAhead',
];

/** What a cell is called beside a row of the view: the other side of the matrix. */
const names: Readonly<Record<CacheView, (cell: CacheCell) => string>> = {
  process: ({ file }) => cacheFileText(file),
  file: ({ process }) => processText(process),
  cgroup: ({ process, file }) => `${processText(process)}  ${cacheFileText(file)}`,
};

const processText = ({ command, pid }: CacheCell['process']): string => `${command}[${pid}]`;

/** The columns of the cells of one row of a view that fit into `width` characters. */
export function fittingCellColumns(
  view: CacheView,
  width: number,
): readonly TableColumn<CacheCell>[] {
  const columns: readonly TableColumn<CacheCell>[] = [
    ...measures.map((id): TableColumn<CacheCell> => {
      const { title, unit, width: least, help, of } = cacheMeasures[id];
      const text = ({ totals }: CacheCell) => measureText(unit, of(totals));
      return { id, title, width: least, align: 'right', help, text };
    }),
    {
      id: 'name',
      title: view === 'process' ? 'FILE' : view === 'file' ? 'PROCESS' : 'PROCESS AND FILE',
      width: 0,
      align: 'left',
      help: 'the other side of the matrix of processes and files',
      text: names[view],
    },
  ];
  return fittingTableColumns(columns, dispensable, width, leastNameWidth(width));
}
