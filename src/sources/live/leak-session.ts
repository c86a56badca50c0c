import type { LeakSource } from '../source.ts';
import { chooseLink } from './calibration.ts';
import { mostKernelMemory } from './heap-tables.ts';
import { describeKernelPlan, openKernelSession } from './kernel-session.ts';
import { planCommand } from './plan-command.ts';
import { planOptions } from './plan-object.ts';
import { closePlan, planProbes } from './plan.ts';
import { checkTarget } from './preflight.ts';
import { requirePrivileges } from './privileges.ts';
import type { LeakSessionRequest, SessionPlan } from './request.ts';
import { openUserSession } from './user-session.ts';

/** Attaches and begins to record. Errors: Failure; nothing stays attached then. */
export function openLeakSession(request: LeakSessionRequest): Promise<LeakSource> {
  return request.target.kind === 'kernel' ? openKernelSession(request) : openUserSession(request);
}

/** What openLeakSession would attach and take; attaches nothing to the target. Errors: Failure. */
export async function describePlan(request: LeakSessionRequest): Promise<SessionPlan> {
  const { target } = request;
  if (target.kind === 'kernel') return describeKernelPlan(request);
  await requirePrivileges('memtrace leak');
  const options = planOptions(request);
  const plans =
    target.kind === 'command'
      ? [await planCommand(target.argv, options)]
      : await Promise.all(
          target.pids.map(async (pid) => {
            await checkTarget(pid);
            return planProbes(pid, options);
          }),
        );
  for (const plan of plans) closePlan(plan);
  const { link, why } = await chooseLink(request.link);
  return { plans, tracepoints: [], link, linkWhy: why, kernelMemory: mostKernelMemory(request) };
}
