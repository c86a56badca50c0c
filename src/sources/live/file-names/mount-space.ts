import type { BytePath } from '../../../domain/byte-path.ts';
import type { Mount } from '../../../system/mountinfo.ts';

/** The mounts that the processes of one mount namespace see, and what path leads to a file of one of them. */
export class MountSpace {
  readonly #byDevice = new Map<string, Mount[]>();
  readonly #children = new Map<number, Mount[]>();
  readonly #root: Mount | undefined;
  readonly overlays: readonly Mount[];

  constructor(mounts: readonly Mount[]) {
    const ids = new Set(mounts.map(({ id }) => id));
    for (const mount of mounts) {
      pushTo(this.#byDevice, mount.device, mount);
      if (mount.parent !== mount.id) pushTo(this.#children, mount.parent, mount);
    }
    // Later mounts lie over earlier ones.
    this.#root = mounts.findLast(
      (mount) => mount.point === '/' && (!ids.has(mount.parent) || mount.parent === mount.id),
    );
    this.overlays = mounts.filter(({ fileSystem }) => fileSystem === 'overlay');
    for (const list of this.#byDevice.values()) list.sort(byNearness);
  }

  /** What it was mounted from, e.g. `/dev/sda1`; null where it is not mounted here. */
  sourceOf(device: string): BytePath | null {
    return this.#byDevice.get(device)?.[0]?.source ?? null;
  }

  /** Empty where it is not mounted here. */
  fileSystemOf(device: string): string {
    return this.#byDevice.get(device)?.[0]?.fileSystem ?? '';
  }

  /** A mount point of the file system that shows a directory of it, not hidden by another mount; null: there is none. */
  pointOf(device: string): BytePath | null {
    const seen = this.#byDevice.get(device)?.find((mount) => this.covering(mount.point) === mount);
    return seen?.point ?? null;
  }

  /** The path of a file given by its path within the file system; null where no mount shows it. */
  locate(device: string, path: BytePath): BytePath | null {
    for (const mount of this.#byDevice.get(device) ?? []) {
      const rest = below(mount.root, path);
      if (rest === null) continue;
      const seen = joined(mount.point, rest);
      if (this.covering(seen) === mount) return seen;
    }
    return null;
  }

  /** The mount that the path leads into. */
  covering(path: BytePath): Mount | undefined {
    let at = this.#root;
    for (;;) {
      let next: Mount | undefined;
      // The way down meets the shortest of them first; of equal ones the last lies on top.
      for (const child of this.#children.get(at?.id ?? -1) ?? []) {
        if (below(child.point, path) === null) continue;
        if (next === undefined || child.point.length <= next.point.length) next = child;
      }
      if (next === undefined) return at;
      at = next;
    }
  }
}

/** What of `path` lies below `directory`: `''` or from a slash on; null where it is not in it. */
export function below(directory: BytePath, path: BytePath): BytePath | null {
  if (directory === '/') return path;
  if (path === directory) return '';
  return path.startsWith(`${directory}/`) ? path.slice(directory.length) : null;
}

export const joined = (point: BytePath, rest: BytePath): BytePath =>
  rest === '' || rest === '/' ? point : point === '/' ? rest : point + rest;

const depth = (path: BytePath): number => (path === '/' ? 0 : path.split('/').length - 1);

/** The mount point nearest to the root first, then what shows the least of the file system. */
const byNearness = (a: Mount, b: Mount): number =>
  depth(a.point) - depth(b.point) ||
  a.point.length - b.point.length ||
  b.root.length - a.root.length;

function pushTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
