import type { CacheMemory, CacheSnapshot } from '../../domain/cache-snapshot.ts';
import { bytes, milliseconds, type Pages, pages } from '../../domain/units.ts';
import { bpf } from '../../native/bpf.ts';
import { CgroupNames } from '../../system/cgroup-names.ts';
import { readMeminfo, readVmstat } from '../../system/memory-figures.ts';
import type { CacheSource } from '../source.ts';
import { CacheTables, pageCounts, type ProcessEntry } from './cache/cache-tables.ts';
import type { FileEntry } from './cache/file-entries.ts';
import { FileRegister } from './cache/file-register.ts';
import { IdleFiles } from './cache/idle-files.ts';
import { loadCacheProbe, type LoadedProbe, roomForFiles, roomForProcesses } from './cache/load.ts';
import { MarkSweeper } from './cache/mark-sweeper.ts';
import { foreignPids, livingPids, pidOf, ProcessRegister } from './cache/process-register.ts';
import { UseLedger, type UseSum } from './cache/use-ledger.ts';
import type { CacheSessionRequest } from './cache-request.ts';
import { requireKernelReads } from './privileges.ts';
import { monotonicNs } from './time.ts';

/** Watches the page cache of the whole system. Errors: Failure; nothing stays attached then. */
export async function openCacheSession(request: CacheSessionRequest): Promise<CacheSource> {
  await requireKernelReads('memtrace cache');
  return new CacheSession(request, await loadCacheProbe(request));
}

class CacheSession implements CacheSource {
  readonly #request: CacheSessionRequest;
  readonly #probe: LoadedProbe;
  readonly #tables: CacheTables;
  readonly #uses: UseLedger;
  readonly #files: FileRegister;
  readonly #idleFiles = new IdleFiles();
  readonly #marks: MarkSweeper;
  readonly #processes = new ProcessRegister();
  readonly #cgroups = new CgroupNames();
  readonly #originNs = monotonicNs();
  #reading: Promise<unknown> = Promise.resolve();
  #last: Promise<CacheSnapshot> | null = null;

  constructor(request: CacheSessionRequest, probe: LoadedProbe) {
    this.#request = request;
    this.#probe = probe;
    this.#tables = new CacheTables(probe.object);
    this.#uses = new UseLedger(this.#tables, request.maxRows);
    this.#files = new FileRegister(probe.plan.unseen);
    this.#marks = new MarkSweeper(probe.object);
  }

  /** One at a time: a reading takes entries out of the kernel's tables. */
  snapshot(): Promise<CacheSnapshot> {
    if (this.#last !== null) return this.#last;
    const snapshot = this.#reading.then(() => this.#read());
    this.#reading = snapshot.catch(() => {});
    return snapshot;
  }

  close(): Promise<CacheSnapshot> {
    this.#last ??= this.#reading.then(() => this.#close());
    return this.#last;
  }

  async #close(): Promise<CacheSnapshot> {
    try {
      await this.#probe.object.detach(this.#probe.links);
      return { ...(await this.#read()), ended: 'stopped' };
    } finally {
      await this.#files.close();
      await this.#probe.object.close();
    }
  }

  async #read(): Promise<CacheSnapshot> {
    const { object, plan } = this.#probe;
    // Before the uses are read: what has exited by now has booked all it did.
    const living = await livingPids();
    for (const program of plan.own) await this.#runOwn(program);
    const uses = await this.#uses.read(
      (process) => living?.has(pidOf(process)) === false,
      this.#files.othersLike,
    );
    const [files, processes, losses] = await Promise.all([
      this.#tables.files(),
      this.#tables.processes(),
      this.#tables.losses(),
    ]);
    await this.#files.update(files);
    this.#processes.update(processes, living);
    const cgroups = await this.#cgroups.name(uses.map(({ cgroup }) => cgroup));
    const snapshot: CacheSnapshot = {
      takenAt: Date.now(),
      elapsed: milliseconds((monotonicNs() - this.#originNs) / 1e6),
      mode: this.#probe.mode,
      refusedModes: this.#probe.refused,
      blindSpots: plan.blindSpots,
      pageSize: bytes(bpf().pageSize),
      uses: uses.map(({ file, process, cgroup, counts }) => ({
        file: String(file),
        process: String(process),
        cgroup: String(cgroup),
        counts: pageCounts(counts),
      })),
      files: byId(
        uses,
        ({ file }) => file,
        (id) => this.#files.get(id),
      ),
      processes: byId(
        uses,
        ({ process }) => process,
        (id) => this.#processes.get(id),
      ),
      cgroups: new Map([...cgroups].map(([id, name]) => [String(id), name])),
      memory: await readMemory(),
      losses,
      kernelMemory: bytes(object.kernelMemory()),
      notices: living === null ? [foreignPids] : [],
    };
    await this.#prune(uses, files, processes);
    await this.#marks.sweep(insertedPages(snapshot));
    return snapshot;
  }

  async #runOwn(program: string): Promise<void> {
    if (program === 'end_reads') await this.#probe.object.iterate(program);
    else await this.#probe.object.run(program);
  }

  /** The tables of files and processes are bounded too: before they are full. */
  async #prune(
    uses: readonly UseSum[],
    files: readonly FileEntry[],
    processes: readonly ProcessEntry[],
  ): Promise<void> {
    const { maxRows } = this.#request;
    const named = new Set(uses.map(({ file }) => file));
    this.#pruneFiles(uses, files, roomForFiles(maxRows) / 2);
    if (processes.length > roomForProcesses(maxRows) / 2) {
      // Asked again: one that began after the first look is in the table, and alive.
      const living = await livingPids();
      this.#tables.forgetProcesses(
        processes.filter(({ pid }) => living?.has(pid) === false).map(({ id }) => id),
      );
    }
    this.#files.keep(named);
    this.#processes.keep(new Set(uses.map(({ process }) => process)));
  }

  /** What is forgotten keeps its name here, and has no size any more that is of now. */
  #pruneFiles(uses: readonly UseSum[], files: readonly FileEntry[], most: number): void {
    // Asked for only where it may matter soon.
    if (files.length <= most / 2) return this.#idleFiles.forget();
    const idle = this.#idleFiles.look(files, uses);
    if (files.length <= most) return;
    const gone = files.filter((file) => file.gone).map(({ id }) => id);
    this.#tables.forgetFiles(
      files.length - gone.length <= most ? gone : [...new Set([...gone, ...idle])],
    );
  }
}

const insertedPages = ({ uses }: CacheSnapshot): number =>
  uses.reduce((sum, { counts }) => sum + counts.filled + counts.writeMisses, 0);

function byId<Value>(
  uses: readonly UseSum[],
  idOf: (use: UseSum) => bigint,
  valueOf: (id: bigint) => Value,
): ReadonlyMap<string, Value> {
  return new Map([...new Set(uses.map(idOf))].map((id) => [String(id), valueOf(id)]));
}

async function readMemory(): Promise<CacheMemory> {
  const [meminfo, vmstat] = await Promise.all([readMeminfo(), readVmstat()]);
  const inBytes = (name: string) => bytes(meminfo.get(name) ?? 0);
  const inPages = (name: string): Pages | null => {
    const figure = vmstat.get(name);
    return figure === undefined ? null : pages(figure);
  };
  return {
    buffers: inBytes('Buffers'),
    cached: inBytes('Cached'),
    dirty: inBytes('Dirty'),
    writeback: inBytes('Writeback'),
    filePages: inPages('nr_file_pages'),
    refaultedFile: inPages('workingset_refault_file'),
    activatedFile: inPages('workingset_activate_file'),
    scannedFile: inPages('pgscan_file'),
    stolenFile: inPages('pgsteal_file'),
  };
}
