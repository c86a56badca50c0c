import type { Notice } from './leak-snapshot.ts';
import type { Bytes } from './units.ts';

/** The part of the page cache that is charged to a control group and those below it, by its memory.stat. */
export interface CgroupResident {
  /** Below the hierarchy's mount, `/` for its root. */
  readonly path: string;
  /** Files and shared memory in the page cache. */
  readonly cache: Bytes;
  /** Those of them that are shared memory and tmpfs; null where the kernel does not tell. */
  readonly shared: Bytes | null;
  readonly mapped: Bytes | null;
  readonly dirty: Bytes | null;
}

/** The page cache by control group, at one instant. */
export interface CgroupResidents {
  /** Wall clock, milliseconds since the epoch. */
  readonly takenAt: number;
  /** What the kernel says that the page cache has. */
  readonly cached: Bytes;
  /** Groups with any, those with most first; `count` of them. */
  readonly largest: readonly CgroupResident[];
  /** Groups with any. */
  readonly groups: number;
  readonly notices: readonly Notice[];
}

/** Share of the page cache, 0 to 1. A page is charged to the group that brought it in, whoever uses it since. */
export const shareOfCgroup = (
  { cache }: CgroupResident,
  { cached }: Pick<CgroupResidents, 'cached'>,
): number => (cached === 0 ? 0 : Math.min(1, cache / cached));
