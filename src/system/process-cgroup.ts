/** The group of the memory controller in the text of /proc/PID/cgroup: of v1 where that has it, else the unified one; null: none. */
export function memoryCgroupOf(text: string): string | null {
  let unified: string | null = null;
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers.split(',').includes('memory')) return path;
    if (controllers === '') unified = path;
  }
  return unified;
}
