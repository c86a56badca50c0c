import { availableParallelism } from 'node:os';
import { countersOf } from '../../../domain/triage/counters.ts';
import type { HostFacts, HugePool, TriageSnapshot } from '../../../domain/triage/snapshot.ts';
import { milliseconds, type Milliseconds } from '../../../domain/units.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { hugePoolsOfMeminfo, readHugePools } from '../../../system/huge-pages.ts';
import { memoryFigures, parseMeminfo, parseVmstat } from '../../../system/memory-figures.ts';
import { parsePressure } from '../../../system/pressure.ts';
import { parseSwaps, readZram } from '../../../system/swaps.ts';
import { readSettings } from '../../../system/vm-settings.ts';
import { Seldom } from './seldom.ts';
import { SlabTable } from './slab-table.ts';
import { pageSizeOf, zonesOf } from '../../../system/zones.ts';

type Machine = Pick<
  TriageSnapshot,
  | 'host'
  | 'memory'
  | 'counters'
  | 'pressure'
  | 'zones'
  | 'nodes'
  | 'swaps'
  | 'zram'
  | 'slabs'
  | 'hugePools'
  | 'settings'
>;

const settingsEveryMs = 5000;

/** What the files of the whole machine say. */
export class MachineReader {
  readonly #tree: FileTree;
  readonly #host: Pick<HostFacts, 'name' | 'kernel' | 'cpus'>;
  readonly #slabs: SlabTable;
  readonly #slow: Seldom<
    Pick<Machine, 'zram' | 'settings'> & { pools: readonly HugePool[] | null }
  >;

  constructor(tree: FileTree) {
    this.#tree = tree;
    this.#host = readHost(tree);
    this.#slabs = new SlabTable(tree);
    this.#slow = new Seldom(settingsEveryMs, () => ({
      zram: readZram(tree),
      settings: readSettings(tree),
      pools: readHugePools(tree),
    }));
  }

  read(at: Milliseconds): Machine {
    const tree = this.#tree;
    const lines = parseMeminfo(tree.text('/proc/meminfo', "the kernel's figures of memory") ?? '');
    const vmstat = tree.text('/proc/vmstat', "the kernel's counters of reclaim and swapping");
    const zoneinfo = tree.text('/proc/zoneinfo', 'free pages and watermarks by zone and node');
    const buddyinfo = tree.text('/proc/buddyinfo', 'free blocks by size (fragmentation)');
    const memory = memoryFigures(lines);
    const pageSize = pageSizeOf(memory?.total ?? null, zoneinfo);
    const { zram, settings, pools } = this.#slow.at(at);
    return {
      host: { ...this.#host, pageSize, uptime: uptimeOf(tree) },
      memory,
      counters: countersOf(parseVmstat(vmstat ?? '')),
      pressure: {
        memory: pressureOf(tree, 'memory', 'memory pressure (PSI)'),
        io: pressureOf(tree, 'io', 'storage pressure (PSI)'),
      },
      ...zonesOf(zoneinfo ?? '', buddyinfo, pageSize),
      swaps: parseSwaps(tree.text('/proc/swaps', 'swap devices') ?? ''),
      zram,
      slabs: this.#slabs.read(at, pageSize),
      hugePools: pools ?? hugePoolsOfMeminfo(lines),
      settings,
    };
  }
}

function pressureOf(tree: FileTree, name: string, what: string) {
  const text = tree.text(`/proc/pressure/${name}`, what);
  return text === null ? null : parsePressure(text);
}

/** What stays: read once. */
function readHost(tree: FileTree): Pick<HostFacts, 'name' | 'kernel' | 'cpus'> {
  const cpus = tree.text('/proc/cpuinfo')?.match(/^processor\s*:/gm)?.length;
  return {
    name: tree.text('/proc/sys/kernel/hostname')?.trim() ?? '',
    kernel: tree.text('/proc/sys/kernel/osrelease')?.trim() ?? '',
    cpus: cpus ?? availableParallelism(),
  };
}

function uptimeOf(tree: FileTree): Milliseconds | null {
  const seconds = tree.text('/proc/uptime')?.split(' ')[0];
  return seconds === undefined ? null : milliseconds(Number(seconds) * 1000);
}
