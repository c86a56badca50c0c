import { cacheProbes } from '../../../cache-probes/index.ts';
import type { CacheProbe } from '../../../cache-probes/cache-probe.ts';
import { Failure } from '../../../errors/failure.ts';
import { bpf, isSystemError } from '../../../native/bpf.ts';
import { attach, loadCacheProbe, refusalOfMode } from '../cache/load.ts';
import { hasKernelTypes } from '../kernel-types.ts';
import { missingForBpf, requireKernelReads } from '../privileges.ts';
import { stepOf } from '../refusal.ts';
import type { Finding, HostCheck } from './check.ts';

/** Small tables: only whether the kernel takes the programs is asked. */
const trialRequest = { maxRows: 64 };

/** Attaches the programs of a mode for real, and takes them off again. */
async function tryMode(probe: CacheProbe): Promise<Finding> {
  if ((await missingForBpf()).length > 0) return { state: 'lacking', found: 'not permitted' };
  if (!hasKernelTypes()) return { state: 'lacking', found: 'needs the BTF of the kernel' };
  const plan = probe.plan(bpf());
  if ('lacks' in plan) {
    const { lacks, failure } = plan;
    return failure === undefined
      ? { state: 'lacking', found: lacks }
      : { state: 'lacking', failure };
  }
  try {
    const { object, links } = await attach(probe, plan, trialRequest);
    await object.detach(links);
    await object.close();
  } catch (error) {
    const failure = await refusalOfMode(error, probe, plan);
    if (!(failure instanceof Failure)) throw failure;
    // What holds for every mode is said of `memtrace cache`, once.
    return failure.code === 'bpf-load-refused' || !isSystemError(error)
      ? { state: 'lacking', failure }
      : { state: 'lacking', found: `refused: ${stepOf(error)}` };
  }
  const blind = plan.blindSpots.map(({ code }) => code).join(', ');
  return { state: 'ready', found: `attached${blind === '' ? '' : `; cannot see: ${blind}`}` };
}

/** A check for each way to watch the page cache, the one that --mode auto prefers first. */
export const cacheModeChecks: readonly HostCheck[] = cacheProbes.map((probe) => ({
  name: `cache ${probe.mode}`,
  look: async () => await tryMode(probe),
}));

/** `memtrace cache` needs one of them. */
export const anyCacheMode: HostCheck = {
  name: 'memtrace cache',
  look: async () => {
    try {
      await requireKernelReads('memtrace cache');
      const { mode, object, links } = await loadCacheProbe({ mode: 'auto', ...trialRequest });
      await object.detach(links);
      await object.close();
      return { state: 'ready', found: `by ${mode}` };
    } catch (error) {
      if (error instanceof Failure) return { state: 'lacking', failure: error };
      throw error;
    }
  },
};
