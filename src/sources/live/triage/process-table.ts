import { largestOf } from '../../../domain/residents.ts';
import type { ProcessUse } from '../../../domain/triage/process-use.ts';
import type { Bytes, Milliseconds } from '../../../domain/units.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { readProcessDetail } from '../../../system/process-detail.ts';
import { ProcessEntry, readProcessStat } from './process-entry.ts';

/** Open files are the tracer's to keep few, where its limit is low. */
const mostOpenFiles = 4096;
/** Who is there is asked after so long at the earliest: a directory of thousands is the dearest of all files. */
const listEveryMs = 1900;
/** Of how many the sizes are read each time: of the largest, of the fastest growing, and of others in turn. */
const watchedSizes = 60;
const sizesInTurn = 400;
/** Of how many processes the details are read each time: of the largest, of the fastest growing, and of others in turn. */
const largestDetails = 6;
const growingDetails = 6;
const detailsInTurn = 8;
/** Of processes that were never looked at: until then nobody knows whose limit holds for them. */
const firstDetails = 24;
/** Who is swapped shows in nothing else. */
const detailsInTurnWithSwap = 40;
const proportionalOf = 2;
/** The kernel walks through all pages of a process for its proportional share, and the process may have to wait meanwhile. */
const proportionalUpTo = 2 ** 30;
const proportionalEveryMs = 4000;

/** All processes but memtrace itself, and their sizes, at the price of one read of a short file each. */
export class ProcessTable {
  readonly #tree: FileTree;
  readonly #entries = new Map<number, ProcessEntry>();
  /** Kernel threads have no memory, and never begin to. */
  readonly #kernelThreads = new Set<number>();
  #sizesTurn = 0;
  readonly #cgroupName: (path: string) => string;
  #openFiles = 0;
  #proportionalAt = Number.NEGATIVE_INFINITY;
  #listedAt = Number.NEGATIVE_INFINITY;
  #turn = 0;

  /** `cgroupName`: what the group of a process is called in the report. */
  constructor(tree: FileTree, cgroupName: (path: string) => string) {
    this.#tree = tree;
    this.#cgroupName = cgroupName;
  }

  read(
    at: Milliseconds,
    pageSize: Bytes,
    { pinned, hasSwap }: { readonly pinned: readonly number[]; readonly hasSwap: boolean },
  ): readonly ProcessUse[] {
    for (const entry of this.#due()) if (!this.#readSizes(entry)) this.#forget(entry);
    if (at - this.#listedAt >= listEveryMs) {
      this.#listedAt = at;
      this.#list();
    }
    this.#readDetails({ at, pageSize }, pinned, hasSwap ? detailsInTurnWithSwap : detailsInTurn);
    return Array.from(this.#entries.values(), (entry) => entry.use(pageSize));
  }

  close(): void {
    for (const entry of this.#entries.values()) this.#forget(entry);
  }

  /** All, where they are few. */
  #due(): Iterable<ProcessEntry> {
    const entries = [...this.#entries.values()];
    if (entries.length <= sizesInTurn) return entries;
    const due = new Set([
      ...largest(entries, watchedSizes, ({ growth }) => growth),
      ...largest(entries, watchedSizes, ({ resident }) => resident),
    ]);
    for (let i = 0; i < sizesInTurn; i++) {
      this.#sizesTurn = (this.#sizesTurn + 1) % entries.length;
      const entry = entries[this.#sizesTurn];
      if (entry !== undefined) due.add(entry);
    }
    return due;
  }

  #list(): void {
    const pids = new Set<number>();
    for (const name of this.#tree.names('/proc')) {
      const first = name.charCodeAt(0);
      if (first >= 49 && first <= 57) pids.add(Number(name));
    }
    if (this.#tree.root === '/') pids.delete(process.pid);
    // A /proc that is mounted so (hidepid) hides them without a word, but the first process is always there.
    const hidden = '/proc/1/stat';
    if (pids.has(1)) this.#tree.found(hidden);
    else this.#tree.hide(hidden, 'processes of other users');
    for (const [pid, entry] of this.#entries) if (!pids.has(pid)) this.#forget(entry);
    for (const pid of this.#kernelThreads) if (!pids.has(pid)) this.#kernelThreads.delete(pid);
    for (const pid of pids) {
      if (!this.#entries.has(pid) && !this.#kernelThreads.has(pid)) this.#meet(pid);
    }
  }

  #meet(pid: number): void {
    const stat = readProcessStat(this.#tree, pid);
    if (stat === null) return;
    if (stat.kernelThread) {
      this.#kernelThreads.add(pid);
      return;
    }
    const entry = new ProcessEntry(this.#tree, stat);
    if (this.#readSizes(entry)) this.#entries.set(pid, entry);
  }

  #readSizes(entry: ProcessEntry): boolean {
    const wasOpen = entry.isOpen;
    const isThere = entry.readSizes(wasOpen || this.#openFiles < mostOpenFiles);
    if (entry.isOpen && !wasOpen) this.#openFiles++;
    return isThere;
  }

  #readDetails(
    { at, pageSize }: { readonly at: Milliseconds; readonly pageSize: Bytes },
    pinned: readonly number[],
    inTurn: number,
  ): void {
    const entries = [...this.#entries.values()];
    const growers = largest(entries, growingDetails, ({ growth }) => growth).filter(
      ({ growth }) => growth > 0,
    );
    const chosen = new Set([
      ...pinned.flatMap((pid) => this.#entries.get(pid) ?? []),
      ...growers,
      ...largest(entries, largestDetails, ({ resident }) => resident),
      ...largest(
        entries.filter(({ detail }) => detail === null),
        firstDetails,
        ({ resident }) => resident,
      ),
    ]);
    const isDue = at - this.#proportionalAt >= proportionalEveryMs;
    if (isDue) this.#proportionalAt = at;
    const proportional = new Set(
      isDue
        ? growers
            .slice(0, proportionalOf)
            .filter(({ resident }) => resident * pageSize <= proportionalUpTo)
        : [],
    );
    for (const entry of chosen) this.#readDetail(entry, at, proportional.has(entry));
    for (let i = 0; i < Math.min(inTurn, entries.length); i++) {
      this.#turn = (this.#turn + 1) % entries.length;
      const entry = entries[this.#turn];
      if (entry !== undefined && !chosen.has(entry)) this.#readDetail(entry, at, false);
    }
  }

  #readDetail(entry: ProcessEntry, at: Milliseconds, proportional: boolean): void {
    const read = readProcessDetail(this.#tree, entry.pid, {
      at,
      proportional,
      before: entry.detail,
      cgroupName: this.#cgroupName,
    });
    if (read === null) return;
    entry.describe(read.command, read.detail);
  }

  #forget(entry: ProcessEntry): void {
    this.#entries.delete(entry.pid);
    if (entry.isOpen) this.#openFiles--;
    entry.close();
  }
}

function largest(
  entries: readonly ProcessEntry[],
  count: number,
  sizeOf: (entry: ProcessEntry) => number,
): readonly ProcessEntry[] {
  const positions = largestOf(Float64Array.from(entries, sizeOf), count);
  return positions.flatMap((position) => entries[position] ?? []);
}
