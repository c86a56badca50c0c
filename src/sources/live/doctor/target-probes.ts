import type { PlanRow, ProbePlan } from '../../../allocators/allocator.ts';
import { seesBlocks } from '../../../allocators/match.ts';
import { Failure } from '../../../errors/failure.ts';
import { closePlan, planProbes } from '../plan.ts';
import type { Finding, TargetCheck } from './check.ts';

/** Plans without attaching; a refusal is a finding. */
async function planned(pid: number, look: (plan: ProbePlan) => Finding): Promise<Finding> {
  try {
    const plan = await planProbes(pid);
    closePlan(plan);
    return look(plan);
  } catch (error) {
    if (error instanceof Failure) return { state: 'broken', failure: error };
    throw error;
  }
}

const allocating = ({ rows }: ProbePlan): PlanRow[] => rows.filter((row) => seesBlocks([row]));

/** Which allocators the process has, and where. */
export const allocators: TargetCheck = {
  name: 'allocators',
  look: async (pid) =>
    await planned(pid, (plan) => {
      const found = Map.groupBy(
        allocating(plan),
        ({ allocator, path }) => `${allocator} in ${path}`,
      );
      if (found.size === 0) {
        return {
          state: 'broken',
          failure: new Failure('no-allocator', {
            pid,
            looked: plan.passedOver.map(({ path }) => path),
            runtime: plan.runtimes[0]?.name ?? null,
          }),
        };
      }
      const list = [...found].map(([where, { length }]) => `${where} (${length} functions)`);
      const unseen = plan.runtimes.map(({ explanation }) => explanation);
      return unseen.length === 0
        ? { state: 'ready', found: list.join(', ') }
        : { state: 'lacking', found: [...list, ...unseen].join('; ') };
    }),
};

/** How many probes stand on instructions that the kernel emulates. */
export const placement: TargetCheck = {
  name: 'probe placement',
  look: async (pid) =>
    await planned(pid, (plan) => {
      // The dynamic linker calls its hook once a library.
      const rows = plan.rows.filter(({ shape }) => shape !== 'libraries');
      const slow = rows.filter(({ emulated }) => !emulated);
      const found = `${rows.length - slow.length} of ${rows.length} probes stand on emulated instructions`;
      if (slow.length === 0) return { state: 'ready', found };
      const names = slow.map(({ symbol, instruction }) => `${symbol} (${instruction})`);
      return {
        state: 'lacking',
        found: `${found}; single-stepped, about ten times slower: ${names.join(', ')}`,
      };
    }),
};
