import type { HugePool } from '../domain/triage/snapshot.ts';
import { bytes } from '../domain/units.ts';
import type { FileTree } from './file-tree.ts';

const directory = '/sys/kernel/mm/hugepages';

/** Pools of huge pages of every size that has any; null where the kernel has no such directory. */
export function readHugePools(tree: FileTree): readonly HugePool[] | null {
  const names = tree.names(directory);
  if (names.length === 0) return null;
  return names.flatMap((name) => {
    const size = /^hugepages-(\d+)kB$/.exec(name)?.[1];
    const figure = (of: string) => tree.number(`${directory}/${name}/${of}`) ?? 0;
    const total = figure('nr_hugepages');
    if (size === undefined || total === 0) return [];
    return [
      {
        pageSize: bytes(Number(size) * 1024),
        total,
        free: figure('free_hugepages'),
        reserved: figure('resv_hugepages'),
        surplus: figure('surplus_hugepages'),
      },
    ];
  });
}

/** Those of the default size, as /proc/meminfo has them. */
export function hugePoolsOfMeminfo(lines: ReadonlyMap<string, number>): readonly HugePool[] {
  const total = lines.get('HugePages_Total') ?? 0;
  if (total === 0) return [];
  return [
    {
      pageSize: bytes(lines.get('Hugepagesize') ?? 0),
      total,
      free: lines.get('HugePages_Free') ?? 0,
      reserved: lines.get('HugePages_Rsvd') ?? 0,
      surplus: lines.get('HugePages_Surp') ?? 0,
    },
  ];
}
