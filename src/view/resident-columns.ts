import { type Resident, type Residents, shareOfCache, shareOfFile } from '../domain/residents.ts';
import { bytes, type Pages } from '../domain/units.ts';
import { cacheFileText } from './cache-file-text.ts';
import type { TableColumn } from './table.ts';
import { bytesText, shareText } from './units.ts';

/** The columns of the files in the cache, from left to right. */
export function residentColumns(residents: Residents): readonly TableColumn<Resident>[] {
  const size = (pages: Pages | null) =>
    pages === null ? '-' : bytesText(bytes(pages * residents.pageSize));
  return [
    {
      id: 'resident',
      title: 'RESIDENT',
      width: 8,
      align: 'right',
      help: 'pages of the file in the cache, in bytes',
      text: ({ file }) => size(file.resident),
    },
    {
      id: 'share',
      title: 'SHARE',
      width: 6,
      align: 'right',
      help: 'of the whole page cache',
      text: (row) => shareText(shareOfCache(row, residents)),
    },
    {
      id: 'size',
      title: 'SIZE',
      width: 6,
      align: 'right',
      help: 'size of the file',
      text: ({ file }) => (file.size === null ? '-' : bytesText(file.size)),
    },
    {
      id: 'cached',
      title: 'CACHED',
      width: 6,
      align: 'right',
      help: 'share of the file that is in the cache',
      text: (row) => {
        const share = shareOfFile(row, residents);
        return share === null ? '-' : shareText(share);
      },
    },
    {
      id: 'dirty',
      title: 'DIRTY',
      width: 6,
      align: 'right',
      help: 'in the cache and yet to be written to storage',
      text: ({ dirty }) => size(dirty),
    },
    {
      id: 'type',
      title: 'FS',
      width: 7,
      align: 'left',
      help: 'type of the file system',
      text: ({ file }) => file.fileSystem || '-',
    },
    {
      id: 'path',
      title: 'PATH',
      width: 0,
      align: 'left',
      help: 'path of the file; in brackets: a whole device, with the metadata of its file system',
      text: ({ file }) => cacheFileText(file),
    },
  ];
}

/** In which order they are given up where there is no room for all. */
export const dispensableResidentColumns = ['type', 'dirty', 'size', 'cached', 'share'];
