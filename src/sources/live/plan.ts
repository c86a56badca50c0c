import { closeSync } from 'node:fs';
import { basename } from 'node:path';
import type { PlanRow, ProbePlan } from '../../allocators/allocator.ts';
import { runtimesOf } from '../../allocators/runtimes/index.ts';
import { Failure } from '../../errors/failure.ts';
import { type MapRow, readMaps } from '../../system/maps.ts';
import { type Opened, openMapped } from '../../system/open-object.ts';
import { planObject, type PlanOptions } from './plan-object.ts';

/**
 * What to probe in a running process: every function that allocates, frees, maps or unmaps in every object that it has mapped
 * executable. `fd` of the rows stay open until `closePlan`. Errors: Failure `target-gone`, `no-privilege`, `target-unreadable`.
 */
export async function planProbes(pid: number, options: PlanOptions = {}): Promise<ProbePlan> {
  const maps = await mapsOf(pid);
  const code = new Map<string, MapRow>();
  for (const row of maps) {
    const key = `${row.device}:${row.inode}`;
    if (row.inode !== 0 && row.permissions.includes('x') && !code.has(key)) code.set(key, row);
  }
  return planObjects(
    pid,
    [...code.values()].map((row) => openMapped(pid, row)),
    options,
  );
}

/** The plan of these objects; closes those that give no rows. */
export function planObjects(
  pid: number,
  opened: readonly Opened[],
  options: PlanOptions,
): ProbePlan {
  const rows: PlanRow[] = [];
  const passedOver: { path: string; reason: string }[] = [];
  const objects = new Set<string>();
  const sections: string[] = [];
  for (const object of opened) {
    if (!('fd' in object)) {
      passedOver.push(object);
      continue;
    }
    if (options.known?.has(object.identity) || objects.has(object.identity)) {
      closeSync(object.fd);
      continue;
    }
    objects.add(object.identity);
    const plan = planObject(object, options);
    rows.push(...plan.rows);
    if (plan.facts?.soname === null) sections.push(...plan.facts.sections);
    if (plan.reason !== null) passedOver.push({ path: object.path, reason: plan.reason });
    if (plan.rows.length === 0) closeSync(object.fd);
  }
  const runtimes = runtimesOf(
    opened.map((object) => basename(object.path)),
    sections,
  );
  return { pid, rows, passedOver, objects: [...objects], runtimes };
}

/** Closes every file that a plan holds open. */
export function closePlan(plan: ProbePlan): void {
  for (const fd of new Set(plan.rows.map((row) => row.fd))) closeSync(fd);
}

async function mapsOf(pid: number): Promise<MapRow[]> {
  try {
    return await readMaps(pid);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') throw new Failure('target-gone', { pid });
    if (code === 'EACCES' || code === 'EPERM') {
      throw new Failure('target-unreadable', { pid, path: `/proc/${pid}/maps`, errno: code });
    }
    throw error;
  }
}
