import { Failure } from '../../../errors/failure.ts';
import { checkTarget } from '../preflight.ts';
import type { TargetCheck } from './check.ts';

/** The same preflight as before attaching. */
export const safety: TargetCheck = {
  name: 'can be traced',
  look: async (pid) => {
    try {
      await checkTarget(pid);
      return { state: 'ready', found: 'a 64-bit process, without harm' };
    } catch (error) {
      if (error instanceof Failure) return { state: 'broken', failure: error };
      throw error;
    }
  },
};
