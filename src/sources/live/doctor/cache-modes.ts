import { cacheProbes } from '../../../cache-probes/index.ts';
import type { CacheProbe } from '../../../cache-probes/cache-probe.ts';
import { Failure } from '../../../errors/failure.ts';
import { bpf, isSystemError } from '../../../native/bpf.ts';
import { attach } from '../cache/load.ts';
import { loadFailure } from '../heap-object.ts';
import type { Finding, HostCheck } from './check.ts';
import { missingForBpf, requirePrivileges } from '../privileges.ts';
import { errnoName } from '../errno.ts';

/** Small tables: only whether the kernel takes the programs is asked. */
const trialRequest = { maxRows: 64 };

/** Attaches the programs of a mode for real, and takes them off again. */
async function tryMode(probe: CacheProbe): Promise<Finding> {
  if ((await missingForBpf()).length > 0) return { state: 'lacking', found: 'not permitted' };
  try {
    const plan = probe.plan(bpf());
    if ('lacks' in plan) return { state: 'lacking', found: plan.lacks };
    const { object, links } = await attach(probe, plan, trialRequest);
    await object.detach(links);
    await object.close();
    const blind = plan.blindSpots.map(({ code }) => code).join(', ');
    return {
      state: 'ready',
      found: `attached${blind === '' ? '' : `; cannot see: ${blind}`}`,
    };
  } catch (error) {
    const failure = isSystemError(error) ? loadFailure(error, probe.object) : error;
    if (!(failure instanceof Failure)) throw error;
    const found = isSystemError(error)
      ? `refused: ${error.operation} ${error.subject} (${errnoName(error)})`
      : `refused: ${failure.code}`;
    return { state: 'lacking', found };
  }
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
      await requirePrivileges('memtrace cache');
    } catch (error) {
      if (error instanceof Failure) return { state: 'broken', failure: error };
      throw error;
    }
    for (const probe of cacheProbes) {
      if ((await tryMode(probe)).state === 'ready')
        return { state: 'ready', found: `by ${probe.mode}` };
    }
    return {
      state: 'lacking',
      found: 'none of its modes works here: memtrace cache cannot run',
      remedy: 'use a kernel with BTF, 6.12 or newer, or one with kprobes or fentry',
    };
  },
};
