import { buildTarget, type Variant } from '../support/build-target.ts';

/** The truth programs that the selection runs: compiling takes long in a guest. */
const targets: readonly (readonly [string, Variant])[] = [
  ['edges.c', 'dynamic'],
  ['family.c', 'dynamic'],
  ['family.c', 'frameless'],
  ['family.c', 'no-pie'],
  ['family.c', 'static'],
  ['family.c', 'musl'],
  ['family.c', 'musl-static'],
  ['kernel.c', 'dynamic'],
  ['lives.c', 'dynamic'],
  ['own-allocator.c', 'no-pie'],
  ['pages.c', 'dynamic'],
  ['scale.c', 'dynamic'],
  ['sealed.c', 'dynamic'],
];

export function buildTargets(): void {
  for (const [source, variant] of targets) buildTarget(source, variant);
}
