import { lstat } from 'node:fs/promises';
import { type BytePath, pathBytes } from '../../../domain/byte-path.ts';
import { joined } from './mount-space.ts';
import type { MountSpaces, Space } from './mount-spaces.ts';
import type { OverlayPlace } from './overlay.ts';

/** Where a file is, for who uses it and for the host. */
export interface Place {
  readonly path: BytePath;
  readonly hostPath: BytePath | null;
  readonly whitedOut: boolean;
}

export interface PlaceRequest {
  /** `major:minor` */
  readonly device: string;
  readonly inode: bigint;
  /** Within the file system. */
  readonly path: BytePath;
  /** Of who used it, who may be gone; 0: not known. */
  readonly pid: number;
  /** Where it was then, by inode number; 0: not known. */
  readonly mountNamespace: number;
}

/**
 * The place of a file given by its path within its file system. The namespace of the process that used it counts first, then
 * ours, then every other; in each of them an overlay that the file is a part of counts before the layer that it lies in.
 */
export async function placeOf(
  { device, inode, path, pid, mountNamespace }: PlaceRequest,
  spaces: MountSpaces,
): Promise<Place | null> {
  const host = spaces.own.mounts.locate(device, path);
  const reader = await spaces.ofUser(pid, mountNamespace);
  const seen = (reader && (await within(reader, device, path, host))) ?? null;
  if (seen !== null) return seen;
  const own = await within(spaces.own, device, path, host);
  if (own !== null) return own;
  for (const other of await spaces.others()) {
    const there = await within(other, device, path, host);
    if (there !== null) return there;
  }
  return await ofUnseenLayer(spaces.own, path, inode);
}

async function within(
  space: Space,
  device: string,
  path: BytePath,
  host: BytePath | null,
): Promise<Place | null> {
  const direct = space.mounts.locate(device, path);
  const real = host ?? direct;
  const shown = real === null ? null : await inOverlay(space, real);
  const place = direct === null || shown?.sure === true ? shown : null;
  const found = place?.path ?? direct;
  if (found === null) return null;
  return {
    path: found,
    hostPath: real === found ? null : place === null ? host : real,
    whitedOut: place?.whitedOut ?? false,
  };
}

async function inOverlay(space: Space, real: BytePath): Promise<OverlayPlace | null> {
  for (const overlay of await space.overlays()) {
    const place = await overlay.place(real);
    if (place === null) continue;
    // What another mount hides is not what the process sees.
    if (space.mounts.covering(place.path)?.id === overlay.mountId) return place;
  }
  return null;
}

/**
 * In a container one sees an overlay, and nothing of the file system that its layers are on. The end of the path there is the
 * path here; the inode number, which overlays pass on, tells whether it is the same file.
 */
async function ofUnseenLayer(space: Space, path: BytePath, inode: bigint): Promise<Place | null> {
  for (const overlay of space.mounts.overlays) {
    for (let at = 0; at >= 0; at = path.indexOf('/', at + 1)) {
      const seen = joined(overlay.point, path.slice(at));
      if (space.mounts.covering(seen) !== overlay) continue;
      const stat = await lstat(pathBytes(seen), { bigint: true }).catch(() => null);
      if (stat?.ino === inode) return { path: seen, hostPath: null, whitedOut: false };
    }
  }
  return null;
}
