import type { LeakSnapshot, Mapping } from './leak-snapshot.ts';
import { holdsMemory } from './merge-sites.ts';
import type { Stack } from './stack.ts';
import { bytes, type Bytes } from './units.ts';

/** Mappings that one call stack made for one use. */
export interface MappingRow {
  readonly stack: Stack;
  readonly use: Mapping['use'];
  readonly size: Bytes;
  readonly count: number;
  readonly mappings: readonly Mapping[];
}

/** Mappings by stack and use, largest first; apart from blocks, which may lie in them. */
export function groupMappings(snapshot: LeakSnapshot): MappingRow[] {
  const holding = new Set(
    snapshot.images.filter((image) => holdsMemory(image, snapshot)).map((image) => image.id),
  );
  const groups = Map.groupBy(
    snapshot.mappings.filter((mapping) => holding.has(mapping.image)),
    ({ stackId, use }) => `${use} ${stackId}`,
  );
  return [...groups.values()]
    .flatMap((mappings) => {
      const [first] = mappings;
      const stack = first === undefined ? undefined : snapshot.stacks.get(first.stackId);
      if (first === undefined || stack === undefined) return [];
      const size = bytes(mappings.reduce((total, mapping) => total + mapping.size, 0));
      return [{ stack, use: first.use, size, count: mappings.length, mappings }];
    })
    .sort((a, b) => b.size - a.size);
}
