import { readFile, readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { readStat } from './stat.ts';

/** A running process and the names it goes by. */
export interface NamedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly comm: string;
  /** File name of the executable, or null where it cannot be read. */
  readonly executable: string | null;
  /** File name of argv[0], or null where there is none (kernel threads). */
  readonly argv0: string | null;
}

/**
 * Pids of the processes whose comm, executable or argv[0] is exactly `name`, ascending; without the process `self` and its
 * ancestors (the shell or sudo that started memtrace may carry the name in its arguments). Zombies are left out.
 */
export async function pidsByName(name: string, self = process.pid): Promise<number[]> {
  const running = await readProcesses();
  const ours = ancestorsOf(self, running);
  return running
    .filter(
      (p) => !ours.has(p.pid) && (p.comm === name || p.executable === name || p.argv0 === name),
    )
    .map((p) => p.pid)
    .sort((a, b) => a - b);
}

/** The process itself and all its ancestors. */
export function ancestorsOf(
  pid: number,
  running: readonly Pick<NamedProcess, 'pid' | 'parent'>[],
): Set<number> {
  const parents = new Map(running.map((p) => [p.pid, p.parent]));
  const line = new Set<number>();
  for (
    let at: number | undefined = pid;
    at !== undefined && at !== 0 && !line.has(at);
    at = parents.get(at)
  )
    line.add(at);
  return line;
}

/** Every process but zombies; those that end meanwhile are left out. */
export async function readProcesses(): Promise<NamedProcess[]> {
  const entries = await readdir('/proc');
  const pids = entries.filter((entry) => /^\d+$/.test(entry)).map(Number);
  const found = await Promise.all(pids.map(readProcess));
  return found.filter((p) => p !== null);
}

async function readProcess(pid: number): Promise<NamedProcess | null> {
  try {
    const stat = await readStat(pid);
    if (stat.state === 'Z' || stat.state === 'X') return null;
    const [exe, cmdline] = await Promise.all([
      readlink(`/proc/${pid}/exe`).catch(() => null),
      readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    ]);
    const argv0 = cmdline.split('\0')[0];
    return {
      pid,
      parent: stat.parent,
      comm: stat.command,
      executable: exe === null ? null : basename(exe.replace(/ \(deleted\)$/, '')),
      argv0: argv0 ? basename(argv0) : null,
    };
  } catch {
    return null;
  }
}
