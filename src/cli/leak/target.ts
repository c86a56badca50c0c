import { Failure } from '../../errors/failure.ts';
import type { LeakTarget } from '../../sources/live/request.ts';
import type { LeakRequest } from './request.ts';

/** The target with its name looked up. Throws name-missing and name-ambiguous. */
export async function resolveTarget(
  target: LeakRequest['target'],
  pidsByName: (name: string) => Promise<readonly number[]>,
): Promise<LeakTarget> {
  if (target.kind !== 'name') return target;
  const { name } = target;
  const pids = await pidsByName(name);
  if (pids.length === 0) throw new Failure('name-missing', { name });
  if (pids.length > 1) throw new Failure('name-ambiguous', { name, pids });
  return { kind: 'processes', pids };
}
