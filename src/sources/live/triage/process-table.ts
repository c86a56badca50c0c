import { closeSync, openSync, readSync } from 'node:fs';
import type { ProcessDetail, ProcessUse } from '../../../domain/triage/process-use.ts';
import { bytes, type Bytes, milliseconds, type Milliseconds } from '../../../domain/units.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { readProcessDetail } from '../../../system/process-detail.ts';
import { parseStat } from '../../../system/stat.ts';

/** Open files are the tracer's to keep few, where its limit is low. */
const mostOpenFiles = 4096;
/** Of how many processes the details are read at each snapshot: the largest, the fastest growing, and the others in turn. */
const freshDetails = 24;
const detailsInTurn = 40;
const proportionalOf = 3;
// USER_HZ: the kernel shows times in hundredths of a second on every machine that memtrace runs on.
const tickMs = 10;

interface Entry {
  readonly id: string;
  readonly pid: number;
  readonly began: Milliseconds;
  readonly command: string;
  /** Of statm, kept open: a file of a process that is gone cannot be taken for another's. */
  file: number | null;
  virtual: number;
  resident: number;
  shared: number;
  /** Own pages when it was first seen. */
  firstAnonymous: number | null;
  detail: ProcessDetail | null;
}

/** All processes but memtrace itself, and their sizes, at the price of one read of a short file each. */
export class ProcessTable {
  readonly #tree: FileTree;
  readonly #entries = new Map<number, Entry>();
  /** Kernel threads have no memory, and never begin to. */
  readonly #kernelThreads = new Set<number>();
  readonly #buffer = Buffer.alloc(512);
  #open = 0;
  #turn = 0;

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  read(at: Milliseconds, pageSize: Bytes, pinned: readonly number[]): readonly ProcessUse[] {
    const pids = this.#tree
      .names('/proc')
      .filter((name) => name.charCodeAt(0) >= 48 && name.charCodeAt(0) <= 57)
      .map(Number)
      .filter((pid) => pid !== process.pid || this.#tree.root !== '/');
    const alive = new Set(pids);
    for (const [pid, entry] of this.#entries) if (!alive.has(pid)) this.#forget(entry);
    for (const pid of this.#kernelThreads) if (!alive.has(pid)) this.#kernelThreads.delete(pid);
    for (const pid of pids) {
      const known = this.#entries.get(pid);
      if (known !== undefined && this.#readSizes(known)) continue;
      // Gone, or another process by now.
      if (known !== undefined) this.#forget(known);
      if (!this.#kernelThreads.has(pid)) this.#meet(pid);
    }
    this.#readDetails(at, pinned);
    return [...this.#entries.values()].map((entry) => useOf(entry, pageSize));
  }

  close(): void {
    for (const entry of this.#entries.values()) this.#forget(entry);
  }

  #meet(pid: number): void {
    const text = this.#tree.text(`/proc/${pid}/stat`);
    if (text === null) return;
    let stat: ReturnType<typeof parseStat>;
    try {
      stat = parseStat(text);
    } catch {
      return;
    }
    if (stat.kernelThread) {
      this.#kernelThreads.add(pid);
      return;
    }
    const entry: Entry = {
      id: `${pid}:${stat.startTime}`,
      pid,
      began: milliseconds(Number(stat.startTime) * tickMs),
      command: stat.command,
      file: null,
      virtual: 0,
      resident: 0,
      shared: 0,
      firstAnonymous: null,
      detail: null,
    };
    if (this.#readSizes(entry)) this.#entries.set(pid, entry);
  }

  /** False where the process is gone. */
  #readSizes(entry: Entry): boolean {
    const keeps = entry.file !== null || this.#open < mostOpenFiles;
    let file = entry.file;
    try {
      file ??= openSync(this.#tree.path(`/proc/${entry.pid}/statm`), 'r');
      const length = readSync(file, this.#buffer, 0, this.#buffer.length, 0);
      if (entry.file === null && keeps) {
        entry.file = file;
        this.#open++;
      }
      return this.#take(entry, length);
    } catch {
      return false;
    } finally {
      if (file !== null && entry.file === null) closeSync(file);
    }
  }

  /** `11921 3826 1575 …`: pages of all, resident, and of files and shared memory. */
  #take(entry: Entry, length: number): boolean {
    const fields = [0, 0, 0];
    let field = 0;
    for (let i = 0; i < length && field < 3; i++) {
      const code = this.#buffer[i] ?? 0;
      if (code === 32) field++;
      else if (code >= 48 && code <= 57) fields[field] = (fields[field] ?? 0) * 10 + code - 48;
    }
    [entry.virtual, entry.resident, entry.shared] = [
      fields[0] ?? 0,
      fields[1] ?? 0,
      fields[2] ?? 0,
    ];
    entry.firstAnonymous ??= entry.resident - entry.shared;
    return length > 0;
  }

  #readDetails(at: Milliseconds, pinned: readonly number[]): void {
    const entries = [...this.#entries.values()];
    const growth = ({ resident, shared, firstAnonymous }: Entry) =>
      resident - shared - (firstAnonymous ?? 0);
    const growers = largest(entries, growth, freshDetails / 2).filter((each) => growth(each) > 0);
    const chosen = new Set([
      ...entries.filter(({ pid }) => pinned.includes(pid)),
      ...growers,
      ...largest(entries, ({ resident }) => resident, freshDetails / 2),
    ]);
    const topGrowers = new Set(growers.slice(0, proportionalOf));
    for (const entry of chosen) this.#readDetail(entry, at, topGrowers.has(entry));
    for (let i = 0; i < Math.min(detailsInTurn, entries.length); i++) {
      this.#turn = (this.#turn + 1) % entries.length;
      const entry = entries[this.#turn];
      if (entry !== undefined && !chosen.has(entry)) this.#readDetail(entry, at, false);
    }
  }

  #readDetail(entry: Entry, at: Milliseconds, proportional: boolean): void {
    entry.detail = readProcessDetail(this.#tree, entry.pid, at, proportional) ?? entry.detail;
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.pid);
    if (entry.file === null) return;
    closeSync(entry.file);
    entry.file = null;
    this.#open--;
  }
}

function largest(
  entries: readonly Entry[],
  sizeOf: (entry: Entry) => number,
  count: number,
): readonly Entry[] {
  return entries.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, count);
}

function useOf(entry: Entry, pageSize: Bytes): ProcessUse {
  const { id, pid, command, began, virtual, resident, shared, detail } = entry;
  return {
    id,
    pid,
    command,
    began,
    virtual: bytes(virtual * pageSize),
    resident: bytes(resident * pageSize),
    shared: bytes(shared * pageSize),
    anonymous: bytes(Math.max(0, resident - shared) * pageSize),
    detail,
  };
}
