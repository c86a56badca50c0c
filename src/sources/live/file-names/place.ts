import type { BytePath } from '../../../system/byte-path.ts';
import type { MountSpaces, Space } from './mount-spaces.ts';
import type { OverlayPlace } from './overlay.ts';

/** Where a file is, for who uses it and for the host. */
export interface Place {
  readonly path: BytePath;
  readonly hostPath: BytePath | null;
  readonly whitedOut: boolean;
}

/**
 * The place of a file given by its path within its file system. The namespace of the process that used it counts first, then
 * ours, then every other; in each of them an overlay that the file is a part of counts before the layer that it lies in.
 */
export async function placeOf(
  device: string,
  path: BytePath,
  pid: number,
  spaces: MountSpaces,
): Promise<Place | null> {
  const host = spaces.own.mounts.locate(device, path);
  const reader = await spaces.ofProcess(pid);
  const seen = (reader && (await within(reader, device, path, host))) ?? null;
  if (seen !== null) return seen;
  const own = await within(spaces.own, device, path, host);
  if (own !== null) return own;
  for (const other of await spaces.others()) {
    const there = await within(other, device, path, host);
    if (there !== null) return there;
  }
  return null;
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
