import { readdir, readlink } from 'node:fs/promises';
import { readMounts } from '../../../system/mountinfo.ts';
import { MountSpace } from './mount-space.ts';
import { Overlay } from './overlay.ts';

/** A mount namespace with its overlays at hand. */
export interface Space {
  readonly mounts: MountSpace;
  readonly overlays: () => Promise<readonly Overlay[]>;
}

/** The mount namespaces of the machine, each read at most once. */
export class MountSpaces {
  readonly own: Space;
  readonly #ownLink: string;
  readonly #links = new Map<number, Promise<string | null>>();
  readonly #spaces = new Map<string, Promise<Space | null>>();
  #others: Promise<Space[]> | undefined;

  private constructor(own: Space, ownLink: string) {
    this.own = own;
    this.#ownLink = ownLink;
  }

  /** Errors: those of reading /proc/self/mountinfo. */
  static async open(): Promise<MountSpaces> {
    const [mounts, link] = await Promise.all([readMounts('self'), namespaceOf('self')]);
    return new MountSpaces(spaceOf(new MountSpace(mounts)), link ?? '');
  }

  /** The namespace `inode` (0: not known), where process `pid` was; null: it is ours, or nobody is in it any more. */
  async ofUser(pid: number, inode: number): Promise<Space | null> {
    const link = inode === 0 ? await this.#linkOf(pid) : `mnt:[${inode}]`;
    if (link === null || link === this.#ownLink) return null;
    if ((await this.#linkOf(pid)) !== link) await this.others();
    else await this.#ofProcess(pid);
    return (await this.#spaces.get(link)) ?? null;
  }

  /** null: it is gone, may not be looked at, or is in ours. */
  async #ofProcess(pid: number): Promise<Space | null> {
    const link = await this.#linkOf(pid);
    if (link === null || link === this.#ownLink) return null;
    return await once(this.#spaces, link, () => readSpace(pid));
  }

  async #linkOf(pid: number): Promise<string | null> {
    return pid <= 0 ? null : await once(this.#links, pid, () => namespaceOf(pid));
  }

  /** All others than ours that processes are in. */
  async others(): Promise<readonly Space[]> {
    this.#others ??= this.#readOthers();
    return await this.#others;
  }

  async #readOthers(): Promise<Space[]> {
    const entries = await readdir('/proc').catch(() => []);
    const pids = entries.filter((name) => /^\d+$/.test(name)).map(Number);
    const spaces = await Promise.all(pids.map((pid) => this.#ofProcess(pid)));
    return [...new Set(spaces)].filter((space) => space !== null);
  }
}

function spaceOf(mounts: MountSpace): Space {
  let overlays: Promise<readonly Overlay[]> | undefined;
  return {
    mounts,
    overlays: () => (overlays ??= Promise.all(mounts.overlays.map((each) => Overlay.open(each)))),
  };
}

const namespaceOf = async (pid: number | 'self'): Promise<string | null> =>
  await readlink(`/proc/${pid}/ns/mnt`).catch(() => null);

const readSpace = async (pid: number): Promise<Space | null> =>
  await readMounts(pid).then(
    (mounts) => spaceOf(new MountSpace(mounts)),
    () => null,
  );

function once<K, V>(known: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
