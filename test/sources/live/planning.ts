import { basename } from 'node:path';
import { afterEach } from 'vitest';
import type { ProbePlan } from '../../../src/allocators/allocator.ts';
import { closePlan, planProbes } from '../../../src/sources/live/plan.ts';
import type { PlanOptions } from '../../../src/sources/live/plan-object.ts';
import { Target } from '../../support/run-target.ts';

/** Ended after each test. */
export const running: Target[] = [];
const plans: ProbePlan[] = [];
afterEach(() => {
  for (const plan of plans.splice(0)) closePlan(plan);
  for (const target of running.splice(0)) target.kill();
});

export async function start(
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const target = await Target.start(command, { env });
  running.push(target);
  return target.pid;
}

/** Closed after each test. */
export async function plan(pid: number, options?: PlanOptions): Promise<ProbePlan> {
  const made = await planProbes(pid, options);
  plans.push(made);
  return made;
}

/** Symbols of a plan by `file name: allocator`. */
export function drawn(made: ProbePlan): Record<string, string[]> {
  const by: Record<string, string[]> = {};
  for (const row of made.rows)
    (by[`${basename(row.path)}: ${row.allocator}`] ??= []).push(row.symbol);
  return by;
}

export const reasonFor = (made: ProbePlan, name: RegExp): string | undefined =>
  made.passedOver.find(({ path }) => name.test(path))?.reason;
