import { availableParallelism } from 'node:os';
import { countersOf } from '../../../domain/triage/counters.ts';
import type { HostFacts, TriageSnapshot } from '../../../domain/triage/snapshot.ts';
import { milliseconds, type Bytes } from '../../../domain/units.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { hugePoolsOfMeminfo, readHugePools } from '../../../system/huge-pages.ts';
import { memoryFigures, parseMeminfo, parseVmstat } from '../../../system/memory-figures.ts';
import { parsePressure } from '../../../system/pressure.ts';
import { parseSlabinfo } from '../../../system/slabinfo.ts';
import { parseSwaps, readZram } from '../../../system/swaps.ts';
import { readSettings } from '../../../system/vm-settings.ts';
import { pageSizeOf, zonesOf } from '../../../system/zones.ts';

type Machine = Omit<
  TriageSnapshot,
  | 'takenAt'
  | 'elapsed'
  | 'memoryMounts'
  | 'oomKills'
  | 'cgroups'
  | 'processes'
  | 'segments'
  | 'unseen'
  | 'ended'
>;

/** What the files of the whole machine say now. */
export function readMachine(tree: FileTree): Machine {
  const meminfo = tree.text('/proc/meminfo', "the kernel's figures of memory");
  const lines = parseMeminfo(meminfo ?? '');
  const vmstat = tree.text('/proc/vmstat', "the kernel's counters of reclaim and swapping");
  const zoneinfo = tree.text('/proc/zoneinfo', 'free pages and watermarks by zone and node');
  const memory = memoryFigures(lines);
  const pageSize = pageSizeOf(memory?.total ?? null, zoneinfo);
  const buddyinfo = tree.text('/proc/buddyinfo', 'free blocks by size (fragmentation)');
  const slabinfo = tree.text('/proc/slabinfo', 'slab caches by name');
  return {
    host: hostFacts(tree, pageSize),
    memory,
    counters: countersOf(parseVmstat(vmstat ?? '')),
    pressure: {
      memory: pressureOf(tree, 'memory', 'memory pressure (PSI)'),
      io: pressureOf(tree, 'io', 'storage pressure (PSI)'),
    },
    ...zonesOf(zoneinfo ?? '', buddyinfo, pageSize),
    swaps: parseSwaps(tree.text('/proc/swaps', 'swap devices') ?? ''),
    zram: readZram(tree),
    slabs: slabinfo === null ? [] : parseSlabinfo(slabinfo, pageSize),
    hugePools: readHugePools(tree) ?? hugePoolsOfMeminfo(lines),
    settings: readSettings(tree),
  };
}

function pressureOf(tree: FileTree, name: string, what: string) {
  const text = tree.text(`/proc/pressure/${name}`, what);
  return text === null ? null : parsePressure(text);
}

function hostFacts(tree: FileTree, pageSize: Bytes): HostFacts {
  const uptime = tree.text('/proc/uptime')?.split(' ')[0];
  const cpus = tree.text('/proc/stat')?.match(/^cpu\d+ /gm)?.length;
  return {
    name: tree.text('/proc/sys/kernel/hostname')?.trim() ?? '',
    kernel: tree.text('/proc/sys/kernel/osrelease')?.trim() ?? '',
    cpus: cpus ?? availableParallelism(),
    pageSize,
    uptime: uptime === undefined ? null : milliseconds(Number(uptime) * 1000),
  };
}
