import { readdir, readlink } from 'node:fs/promises';
import type { CacheProcess } from '../../../domain/cache-snapshot.ts';
import type { Notice } from '../../../domain/leak-snapshot.ts';
import type { ProcessEntry } from './cache-tables.ts';
import { earlierProcesses } from './use-ledger.ts';

/** PROC_PID_INIT_INO: the same on every kernel. */
const hostNamespace = 'pid:[4026531836]';

/** Said where the kernel's pids are not those of /proc here. */
export const foreignPids: Notice = {
  code: 'pid-namespace',
  text: 'memtrace runs in a pid namespace of its own: PIDs here are those of the host, --pid does not match them, and who has exited is not known',
};

/** Whether the pids of /proc are those that the kernel's programs see; where it cannot be asked, they are. */
const hasHostPids = async (): Promise<boolean> =>
  (await readlink('/proc/self/ns/pid').catch(() => hostNamespace)) === hostNamespace;

/** Pids that /proc has now; a zombie is one of them. null: not known, they are others. */
export async function livingPids(): Promise<ReadonlySet<number> | null> {
  if (!(await hasHostPids())) return null;
  const names = await readdir('/proc');
  return new Set(names.filter((name) => /^\d+$/.test(name)).map(Number));
}

/** The pid in a process's id. */
export const pidOf = (id: bigint): number => Number(id >> 32n);

/** The processes of a session by id. */
export class ProcessRegister {
  readonly #processes = new Map<bigint, CacheProcess>();

  update(entries: readonly ProcessEntry[], living: ReadonlySet<number> | null): void {
    for (const [id, process] of this.#processes)
      if (process.alive && living?.has(process.pid) === false)
        this.#processes.set(id, { ...process, alive: false });
    for (const { id, pid, uid, command, isKernelThread } of entries)
      this.#processes.set(id, {
        id: String(id),
        pid,
        uid,
        command,
        isKernelThread,
        alive: living?.has(pid) ?? true,
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
