import type { OomKill, TriageSnapshot } from '../../domain/triage/snapshot.ts';
import { type Milliseconds, milliseconds } from '../../domain/units.ts';
import { Failure } from '../../errors/failure.ts';
import { FileTree } from '../../system/file-tree.ts';
import { KernelLog } from '../../system/kernel-log.ts';
import { memoryMounts, mountUseOf } from '../../system/memory-mounts.ts';
import type { TriageSource } from '../source.ts';
import { monotonicNs } from './time.ts';
import { CgroupTable } from './triage/cgroup-table.ts';
import { MachineReader } from './triage/machine.ts';
import { ProcessTable } from './triage/process-table.ts';
import { SegmentTable } from './triage/segment-table.ts';
import type { TriageSessionRequest } from './triage-request.ts';

/** Watches the memory of the whole machine by /proc and /sys alone: needs no privilege. Throws process-missing. */
export async function openTriageSession(request: TriageSessionRequest): Promise<TriageSource> {
  const tree = new FileTree(request.root);
  for (const pid of request.pids) {
    if (tree.text(`/proc/${pid}/stat`) === null) throw new Failure('process-missing', { pid });
  }
  return new TriageSession(request, tree);
}

class TriageSession implements TriageSource {
  readonly #request: TriageSessionRequest;
  readonly #tree: FileTree;
  readonly #processes: ProcessTable;
  readonly #cgroups: CgroupTable;
  readonly #log: KernelLog;
  readonly #machine: MachineReader;
  readonly #now: () => number;
  readonly #origin: number;
  readonly #segments: SegmentTable;
  #last: TriageSnapshot | null = null;

  constructor(request: TriageSessionRequest, tree: FileTree) {
    this.#request = request;
    this.#tree = tree;
    this.#now = request.now ?? (() => monotonicNs() / 1e6);
    this.#origin = this.#now();
    this.#machine = new MachineReader(tree);
    this.#cgroups = new CgroupTable(tree);
    this.#processes = new ProcessTable(tree, this.#cgroups.nameOf);
    this.#segments = new SegmentTable(tree, request.pids);
    this.#log = new KernelLog(tree);
  }

  async snapshot(): Promise<TriageSnapshot> {
    return this.#last ?? this.#read();
  }

  async close(): Promise<TriageSnapshot> {
    if (this.#last === null) {
      this.#last = { ...this.#read(), ended: 'stopped' };
      this.#processes.close();
      this.#log.close();
    }
    return this.#last;
  }

  #read(): TriageSnapshot {
    const elapsed = milliseconds(this.#now() - this.#origin);
    const machine = this.#machine.read(elapsed);
    const { pageSize, uptime } = machine.host;
    const mountinfo =
      this.#tree.text('/proc/self/mountinfo', 'mounts in memory, control groups', 'latin1') ?? '';
    return {
      takenAt: Date.now(),
      elapsed,
      ...machine,
      memoryMounts: memoryMounts(mountinfo, mountUseOf(this.#tree)),
      oomKills: this.#kills(uptime),
      cgroups: this.#cgroups.read(elapsed, mountinfo, machine.counters.oomKills),
      processes: this.#processes.read(elapsed, pageSize, {
        pinned: this.#request.pids,
        hasSwap: machine.swaps.some(({ used }) => used > 0),
      }),
      segments: this.#segments.read(elapsed),
      unseen: this.#tree.unseen,
    };
  }

  #kills(uptime: Milliseconds | null): readonly OomKill[] {
    return this.#log.read().map(({ at, ...kill }) => ({
      ...kill,
      age: milliseconds(uptime === null ? 0 : Math.max(0, uptime - at)),
    }));
  }
}
