import { readdir } from 'node:fs/promises';
import type { CacheProcess } from '../../../domain/cache-snapshot.ts';
import type { ProcessEntry } from './cache-tables.ts';
import { earlierProcesses } from './use-ledger.ts';

/** Pids that /proc has now; a zombie is one of them. */
export async function livingPids(): Promise<ReadonlySet<number>> {
  const names = await readdir('/proc');
  return new Set(names.filter((name) => /^\d+$/.test(name)).map(Number));
}

/** The pid in a process's id. */
export const pidOf = (id: bigint): number => Number(id >> 32n);

/** The processes of a session by id. */
export class ProcessRegister {
  readonly #processes = new Map<bigint, CacheProcess>();

  update(entries: readonly ProcessEntry[], living: ReadonlySet<number>): void {
    for (const [id, process] of this.#processes)
      if (process.alive && !living.has(process.pid))
        this.#processes.set(id, { ...process, alive: false });
    for (const { id, pid, uid, command, isKernelThread } of entries)
      this.#processes.set(id, {
        id: String(id),
        pid,
        uid,
        command,
        isKernelThread,
        alive: living.has(pid),
      });
  }

  /** Of any id; one that the kernel could not keep (its table was full) has no more than its pid. */
  get(id: bigint): CacheProcess {
    return (
      this.#processes.get(id) ?? {
        id: String(id),
        pid: pidOf(id),
        uid: 0,
        command: id === earlierProcesses ? '(exited)' : '?',
        isKernelThread: false,
        alive: false,
      }
    );
  }

  keep(named: ReadonlySet<bigint>): void {
    for (const id of this.#processes.keys()) if (!named.has(id)) this.#processes.delete(id);
  }
}
