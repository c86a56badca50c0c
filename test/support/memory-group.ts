import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll } from 'vitest';

/** The mount of the memory controller, v1 or v2; null where there is none that can be written to. */
function controller(): { readonly mount: string; readonly version: 1 | 2 } | null {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  for (const line of mounts) {
    const [, mount = '', type, options = ''] = line.split(' ');
    if (type === 'cgroup' && options.split(',').includes('memory')) return { mount, version: 1 };
  }
  for (const line of mounts) {
    const [, mount = '', type] = line.split(' ');
    const file = path.join(mount, 'cgroup.subtree_control');
    if (type === 'cgroup2' && readFileSync(file, 'utf8').includes('memory'))
      return { mount, version: 2 };
  }
  return null;
}

const made = new Set<MemoryGroup>();

const removeAll = (): void => {
  for (const group of made) group.remove();
};
// Also when a test is aborted: no group stays.
process.on('exit', removeAll);
afterAll(removeAll);

/** Whether groups with a limit can be made here. */
export const canLimit = (): boolean => process.getuid?.() === 0 && controller() !== null;

/** A control group with a limit of its own. */
export class MemoryGroup {
  /** As memtrace names it: below the mount. */
  readonly path: string;
  readonly #folder: string;

  constructor(limit: number) {
    const at = controller();
    if (at === null) throw new Error('no memory controller');
    this.path = `/memtrace-test-${process.pid}-${made.size}`;
    this.#folder = path.join(at.mount, this.path);
    mkdirSync(this.#folder);
    made.add(this);
    const file = at.version === 1 ? 'memory.limit_in_bytes' : 'memory.max';
    writeFileSync(path.join(this.#folder, file), String(limit));
    const swap = path.join(this.#folder, 'memory.swap.max');
    if (existsSync(swap)) writeFileSync(swap, '0');
  }

  /** What a process writes to that joins it. */
  get processes(): string {
    return path.join(this.#folder, 'cgroup.procs');
  }

  /** Once nobody is in it any more. Idempotent. */
  remove(): void {
    if (!existsSync(this.#folder)) return;
    try {
      rmdirSync(this.#folder);
      made.delete(this);
    } catch {
      // Somebody is being killed still: it is tried again at the end.
    }
  }
}
