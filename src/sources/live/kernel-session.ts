import { Failure } from '../../errors/failure.ts';
import type { LeakSource } from '../source.ts';
import type { LeakSessionRequest, SessionPlan } from './request.ts';

export async function openKernelSession(request: LeakSessionRequest): Promise<LeakSource> {
  throw new Failure('kernel-lacks', { feature: 'kernel mode', detail: request.target.kind });
}

export async function describeKernelPlan(request: LeakSessionRequest): Promise<SessionPlan> {
  throw new Failure('kernel-lacks', { feature: 'kernel mode', detail: request.target.kind });
}
