import type { Severity } from '../../../src/domain/triage/verdict.ts';
import { bytes } from '../../../src/domain/units.ts';
import { GiB, type Machine, MiB, processUse } from '../../support/synthetic-triage.ts';

/** What the machine does, and the first verdict: code, severity, and words of its sentence and of its command. */
export type Case = readonly [
  string,
  (step: number) => Machine,
  string,
  Severity,
  RegExp,
  string | null,
];

export const second = 1000;
export const minute = 60 * second;
export const day = 24 * 60 * minute;
export const b = bytes;

/** A zone of 8 GiB with so much free. */
export const zone = (node: number, free: number, freeBlocks: readonly number[] | null = null) => ({
  node,
  name: 'Normal',
  free: free / 4096,
  min: 10_000,
  low: 12_500,
  high: 15_000,
  managed: (8 * GiB) / 4096,
  freeBlocks,
});
export const numaNode = (id: number, free: number) => ({
  id,
  total: b(8 * GiB),
  free: b(free),
  file: b(GiB),
  anonymous: b(4 * GiB),
});
export const slab = (name: string, size: number, reclaimable: boolean | null = null) => ({
  name,
  activeObjects: size / 192,
  objects: size / 192,
  objectSize: b(192),
  size: b(size),
  reclaimable,
});
export const leaky = (step: number, changes = {}) =>
  processUse('api[4121]', GiB + step * 2 * MiB, { cgroup: '/prod/api' }, changes);
