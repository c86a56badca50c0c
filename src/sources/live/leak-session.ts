import { bytes, type Bytes } from '../../domain/units.ts';
import type { LeakSource } from '../source.ts';
import { chooseLink } from './calibration.ts';
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

// Of a hash without preallocation: 16 bytes a bucket at once, and an element as it comes (48 bytes of its own).
const bucketBytes = 16;
const elementBytes = { block: 96, stack: 1088, site: 256 } as const;
const fixedBytes = 8 << 20;
const sitesPerStack = 4;

function mostKernelMemory({ maxBlocks, stackStorageSize }: LeakSessionRequest): Bytes {
  const table = (entries: number, element: number) =>
    2 ** Math.ceil(Math.log2(entries)) * bucketBytes + entries * element;
  return bytes(
    table(maxBlocks, elementBytes.block) +
      table(stackStorageSize, elementBytes.stack) +
      table(stackStorageSize * sitesPerStack, elementBytes.site) +
      fixedBytes,
  );
}
