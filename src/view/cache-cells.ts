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

const process: TableColumn<CacheCell> = {
  id: 'process',
  title: 'PROCESS',
  width: 24,
  align: 'left',
  help: 'command and process id',
  text: ({ process: { command, pid } }) => `${command}[${pid}]`,
};

const file: TableColumn<CacheCell> = {
  id: 'file',
  title: 'FILE',
  width: 0,
  align: 'left',
  help: 'path of the file, as its processes see it',
  text: (cell) => cacheFileText(cell.file),
};

/** What a cell is called beside a row of the view: the other side of the matrix. */
const names: Readonly<Record<CacheView, readonly TableColumn<CacheCell>[]>> = {
  process: [file],
  file: [{ ...process, width: 0 }],
  cgroup: [process, file],
};

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
    ...names[view],
  ];
  return fittingTableColumns(columns, dispensable, width, leastNameWidth(width));
}
