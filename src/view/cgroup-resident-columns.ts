import {
  type CgroupResident,
  type CgroupResidents,
  shareOfCgroup,
} from '../domain/cgroup-residents.ts';
import type { Bytes } from '../domain/units.ts';
import type { TableColumn } from './table.ts';
import { bytesText, shareText } from './units.ts';

const size = (value: Bytes | null): string => (value === null ? '-' : bytesText(value));

/** The columns of the control groups in the cache, from left to right. */
export function cgroupResidentColumns(
  residents: Pick<CgroupResidents, 'cached'>,
): readonly TableColumn<CgroupResident>[] {
  return [
    {
      id: 'cache',
      title: 'CACHE',
      width: 6,
      align: 'right',
      help: 'files and shared memory in the page cache that the group and those below it brought in',
      text: ({ cache }) => size(cache),
    },
    {
      id: 'share',
      title: 'SHARE',
      width: 6,
      align: 'right',
      help: 'of the whole page cache',
      text: (row) => shareText(shareOfCgroup(row, residents)),
    },
    {
      id: 'mapped',
      title: 'MAPPED',
      width: 6,
      align: 'right',
      help: 'mapped by processes',
      text: ({ mapped }) => size(mapped),
    },
    {
      id: 'shared',
      title: 'SHMEM',
      width: 6,
      align: 'right',
      help: 'shared memory and tmpfs: cannot be dropped, only swapped',
      text: ({ shared }) => size(shared),
    },
    {
      id: 'dirty',
      title: 'DIRTY',
      width: 6,
      align: 'right',
      help: 'yet to be written to storage',
      text: ({ dirty }) => size(dirty),
    },
    {
      id: 'cgroup',
      title: 'CGROUP',
      width: 0,
      align: 'left',
      help: 'the control group; each is in the figures of those above it, too',
      text: ({ path }) => path,
    },
  ];
}

/** In which order they are given up where there is no room for all. */
export const dispensableCgroupColumns = ['shared', 'mapped', 'dirty', 'share'];
