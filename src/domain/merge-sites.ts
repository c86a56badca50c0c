import type { AllocationKind, Image, LeakSnapshot, Site } from './leak-snapshot.ts';
import type { Frame, Stack } from './stack.ts';

/** Sites that are one row: the same frames in the same kind of memory, in one process or in several. */
export interface SiteGroup {
  /** Stable over the reports of a session. */
  readonly key: string;
  readonly kind: AllocationKind;
  readonly stack: Stack;
  readonly sites: readonly Site[];
  /** Indexes of `sites` in the snapshot. */
  readonly indexes: readonly number[];
  readonly pids: readonly number[];
}

/** Whether what an image has not freed is still there: it runs, or the run ended with it. */
export function holdsMemory(image: Image, snapshot: LeakSnapshot): boolean {
  return (
    image.state === 'running' || (image.state === 'exited' && snapshot.ended === 'target-exited')
  );
}

/** What tells a frame from others in every process: its function, or where nothing names it, its place. */
function frameKey({ module, symbol, offset, address }: Frame): string {
  const isPlaced = module !== null && (symbol !== null || module !== 'jit');
  return isPlaced ? `${module}!${symbol ?? ''}+${offset}` : `${module ?? ''}@${address}`;
}

const framesKey = ({ frames, end }: Stack): string => `${frames.map(frameKey).join('<')} ${end}`;

/** Rows of the images that hold memory; forked children share the rows of their parents, unless `perProcess`. */
export function mergeSites(snapshot: LeakSnapshot, perProcess: boolean): SiteGroup[] {
  const images = new Map(
    snapshot.images
      .filter((image) => holdsMemory(image, snapshot))
      .map((image) => [image.id, image]),
  );
  const keys = new Map<string, string>();
  const groups = new Map<
    string,
    { group: SiteGroup; sites: Site[]; indexes: number[]; pids: Set<number> }
  >();
  snapshot.sites.forEach((site, index) => {
    const image = images.get(site.image);
    const stack = snapshot.stacks.get(site.stackId);
    if (image === undefined || stack === undefined) return;
    const frames = keys.get(stack.id) ?? framesKey(stack);
    keys.set(stack.id, frames);
    const key = `${site.kind} ${perProcess ? image.pid : ''} ${frames}`;
    const known = groups.get(key);
    if (known !== undefined) {
      known.sites.push(site);
      known.indexes.push(index);
      known.pids.add(image.pid);
      return;
    }
    const sites = [site];
    const indexes = [index];
    const group = { key, kind: site.kind, stack, sites, indexes, pids: [] };
    groups.set(key, { group, sites, indexes, pids: new Set([image.pid]) });
  });
  return [...groups.values()].map(({ group, pids }) => ({ ...group, pids: [...pids] }));
}
