import { lstat, realpath } from 'node:fs/promises';
import { type BytePath, pathBytes } from '../../../domain/byte-path.ts';
import type { Mount } from '../../../system/mountinfo.ts';
import { below, joined } from './mount-space.ts';

/** Where a file of a layer is seen within an overlay. */
export interface OverlayPlace {
  /** Path in the mount namespace that the overlay was found in. */
  readonly path: BytePath;
  /** The overlay says that it is gone: a whiteout stands above it. */
  readonly whitedOut: boolean;
  /** Nobody but the overlay uses the layer: its upper one, or a directory that is no system directory. */
  readonly sure: boolean;
}

interface Layer {
  readonly directory: BytePath;
  readonly isUpper: boolean;
}

/** An overlay mount and the directories that it shows as one. */
export class Overlay {
  readonly #mount: Mount;
  /** The upper one first. */
  readonly #layers: readonly Layer[];

  private constructor(mount: Mount, layers: readonly Layer[]) {
    this.#mount = mount;
    this.#layers = layers;
  }

  static async open(mount: Mount): Promise<Overlay> {
    const upper = layersOf(mount, 'upperdir')[0];
    const lower = ['lowerdir', 'lowerdir+', 'datadir+'].flatMap((name) => layersOf(mount, name));
    const found = await Promise.all(
      lower.map(async (directory) => ({
        directory: await resolved(directory, upper),
        isUpper: false,
      })),
    );
    if (upper !== undefined)
      found.unshift({ directory: await resolved(upper, undefined), isUpper: true });
    return new Overlay(mount, found);
  }

  get mountId(): number {
    return this.#mount.id;
  }

  /** Where a file of the host is seen in the overlay; null: not in it, or what the overlay shows there is another file. */
  async place(hostPath: BytePath): Promise<OverlayPlace | null> {
    for (const [i, { directory, isUpper }] of this.#layers.entries()) {
      const rest = below(directory, hostPath);
      if (rest === null || rest === '') continue;
      const inside = below(this.#mount.root, rest);
      if (inside === null) continue;
      const above = await this.#above(i, rest);
      if (above === 'copied-up') continue;
      return {
        path: joined(this.#mount.point, inside),
        whitedOut: above === 'whiteout',
        sure: isUpper || directory.split('/').length > 2,
      };
    }
    return null;
  }

  /** What stands above a file of a lower layer. */
  async #above(layer: number, rest: BytePath): Promise<'nothing' | 'whiteout' | 'copied-up'> {
    for (const { directory } of this.#layers.slice(0, layer)) {
      const stat = await lstat(pathBytes(directory + rest)).catch(() => null);
      if (stat === null) continue;
      return stat.isCharacterDevice() && stat.rdev === 0 ? 'whiteout' : 'copied-up';
    }
    return 'nothing';
  }
}

/** Directories that an option of an overlay mount names, the upper ones first. */
export function layersOf(mount: Mount, option: string): BytePath[] {
  return mount.options
    .filter((each) => each.startsWith(`${option}=`))
    .flatMap((each) => each.slice(option.length + 1).split(/(?<!\\):/))
    .filter((path) => path !== '')
    .map((path) => path.replaceAll(/\\(.)/g, '$1'));
}

// Docker gives symbolic links; containerd relative paths where the options would be too long for mount(2).
async function resolved(layer: BytePath, upper: BytePath | undefined): Promise<BytePath> {
  for (const base of layer.startsWith('/') ? [''] : ancestors(upper ?? '/')) {
    const path = layer.startsWith('/') ? layer : `${base}/${layer}`;
    const real = await realpath(pathBytes(path), { encoding: 'latin1' }).catch(() => null);
    if (real !== null) return real;
  }
  return layer;
}

function ancestors(path: BytePath): BytePath[] {
  const names = path.split('/');
  return names.slice(1).map((_, i) => names.slice(0, names.length - 1 - i).join('/'));
}
