import { closeSync, openSync, readSync } from 'node:fs';
import type { ProcessDetail, ProcessUse } from '../../../domain/triage/process-use.ts';
import { bytes, type Bytes, type Milliseconds, milliseconds } from '../../../domain/units.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { type ProcessStat, parseStat } from '../../../system/stat.ts';

// USER_HZ: the kernel shows times in hundredths of a second on every machine that memtrace runs on.
const tickMs = 10;

const buffer = Buffer.alloc(512);

/** A process that is followed: its sizes, in pages, and the file that they are read from. */
export class ProcessEntry {
  readonly pid: number;
  readonly #id: string;
  readonly #began: Milliseconds;
  readonly #path: string;
  /** Of statm, kept open: a file of a process that is gone cannot be taken for another's. */
  #file: number | null = null;
  #virtual = 0;
  #shared = 0;
  #firstAnonymous: number | null = null;
  #command: string;
  #detail: ProcessDetail | null = null;
  #use: ProcessUse | null = null;
  resident = 0;

  constructor(tree: FileTree, { pid, startTime, command }: ProcessStat) {
    this.pid = pid;
    this.#id = `${pid}:${startTime}`;
    this.#began = milliseconds(Number(startTime) * tickMs);
    this.#path = tree.path(`/proc/${pid}/statm`);
    this.#command = command;
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** Own pages more than when it was first seen. */
  get growth(): number {
    return this.resident - this.#shared - (this.#firstAnonymous ?? 0);
  }

  /** False where the process is gone. `keep`: the file open for the next time. */
  readSizes(keep: boolean): boolean {
    try {
      const file = this.#file ?? openSync(this.#path, 'r');
      try {
        return this.#take(readSync(file, buffer, 0, buffer.length, 0));
      } finally {
        if (keep) this.#file = file;
        else this.#close(file);
      }
    } catch {
      return false;
    }
  }

  /** The same object while nothing of it has changed: a long history of many processes stays small. */
  use(pageSize: Bytes): ProcessUse {
    this.#use ??= {
      id: this.#id,
      pid: this.pid,
      command: this.#command,
      began: this.#began,
      virtual: bytes(this.#virtual * pageSize),
      resident: bytes(this.resident * pageSize),
      shared: bytes(this.#shared * pageSize),
      anonymous: bytes(Math.max(0, this.resident - this.#shared) * pageSize),
      detail: this.#detail,
    };
    return this.#use;
  }

  get detail(): ProcessDetail | null {
    return this.#detail;
  }

  /** `command`: another one from exec on. */
  describe(command: string, detail: ProcessDetail): void {
    this.#command = command;
    this.#detail = detail;
    this.#use = null;
  }

  close(): void {
    if (this.#file !== null) this.#close(this.#file);
  }

  #close(file: number): void {
    closeSync(file);
    this.#file = null;
  }

  /** `11921 3826 1575 …`: pages of all, resident, and of files and shared memory. */
  #take(length: number): boolean {
    let at = 0;
    const next = (): number => {
      let value = 0;
      for (; at < length && buffer[at] !== 32; at++) value = value * 10 + (buffer[at] ?? 0) - 48;
      at++;
      return value;
    };
    const [virtual, resident, shared] = [next(), next(), next()];
    if (virtual !== this.#virtual || resident !== this.resident || shared !== this.#shared)
      this.#use = null;
    this.#virtual = virtual;
    this.resident = resident;
    this.#shared = shared;
    this.#firstAnonymous ??= this.resident - this.#shared;
    return length > 0;
  }
}

/** Fields of /proc/PID/stat; null where the process is gone. */
export function readProcessStat(tree: FileTree, pid: number): ProcessStat | null {
  const text = tree.text(`/proc/${pid}/stat`);
  try {
    return text === null ? null : parseStat(text);
  } catch {
    return null;
  }
}
