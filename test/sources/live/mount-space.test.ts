import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MountSpace } from '../../../src/sources/live/file-names/mount-space.ts';
import { layersOf } from '../../../src/sources/live/file-names/overlay.ts';
import { parseMountinfo } from '../../../src/system/mountinfo.ts';

const mounts = parseMountinfo(
  readFileSync(new URL('../../system/fixtures/mountinfo-server.txt', import.meta.url), 'latin1'),
);
const space = new MountSpace(mounts);

describe('where a file of a file system is seen', () => {
  it.each([
    [
      'at the mount of the whole, not where a part of it is bound',
      '254:0',
      '/srv/data/x',
      '/srv/data/x',
    ],
    ['in a subvolume by its own mount', '0:40', '/@home/user/x', '/home/user/x'],
    ['in another subvolume by the mount of all', '0:40', '/@log/x', '/mnt/pool/@log/x'],
    ['not by a name that only begins alike', '0:40', '/@home2/x', '/mnt/pool/@home2/x'],
    ['below another mount', '0:51', '/x', '/tmp/deep/x'],
    ['nowhere, where another mount hides it', '0:52', '/x', null],
    ['nowhere, in a directory that another mount hides', '254:0', '/tmp/x', null],
    ['nowhere, of a file system that is not mounted', '7:7', '/x', null],
    ['at a mount point itself', '0:50', '/', '/tmp'],
  ])('%s', (_, device, inside, seen) => {
    expect(space.locate(device, inside)).toBe(seen);
  });

  it('is by a mount of which something can be opened', () => {
    expect(space.pointOf('254:0')).toBe('/');
    expect(space.pointOf('0:52')).toBeNull();
    expect(space.sourceOf('0:40')).toBe('/dev/sdb1');
  });
});

describe('the layers of an overlay', () => {
  it('are split at colons that are not part of a name', () => {
    const overlay = space.overlays[0];
    expect(overlay && layersOf(overlay, 'lowerdir')).toEqual([
      '/var/lib/docker/overlay2/l/ONE',
      '/var/lib/docker/overlay2/l/T:WO',
    ]);
    expect(overlay && layersOf(overlay, 'upperdir')).toEqual(['/var/lib/docker/overlay2/abc/diff']);
    expect(overlay && layersOf(overlay, 'datadir+')).toEqual([]);
  });
});
