import { Failure } from '../../../errors/failure.ts';
import { isSystemError, type UprobeLink } from '../../../native/bpf.ts';
import { refusalOfLink, tryLink } from '../calibration.ts';
import type { HostCheck, LinkTrial, LinkTrials } from './check.ts';
import { errnoName } from '../errno.ts';

const since: Readonly<Record<UprobeLink, string>> = {
  'session': 'it came with 6.13',
  'multi': 'it came with 6.6; without it attaching takes seconds',
  'perf-event': 'nothing needs it where another link works',
};

/** What no kind of link is spared. */
const reasons: Readonly<Record<string, string>> = {
  EPERM: 'not permitted (EPERM)',
  EACCES: 'not permitted (EACCES)',
  ENOSYS: 'not there (ENOSYS)',
};

const tried = async (link: UprobeLink): Promise<LinkTrial> => {
  try {
    return await tryLink(link);
  } catch (error) {
    return { error };
  }
};

/** Attaches to a function of our own by each link and calls it. One after the other: they are timed. */
export async function tryLinks(): Promise<LinkTrials> {
  return {
    'session': await tried('session'),
    'multi': await tried('multi'),
    'perf-event': await tried('perf-event'),
  };
}

const microseconds = (ns: number): string => `${(ns / 1000).toFixed(1)} µs`;

const linkCheck = (link: UprobeLink): HostCheck => ({
  name: `${link} uprobes`,
  look: async ({ links }) => {
    const trial = (await links())[link];
    if ('entryNs' in trial) {
      const found = `attached and hit: ${microseconds(trial.entryNs)} a hit, ${microseconds(trial.steppedNs)} where it is single-stepped`;
      return { state: 'ready', found };
    }
    if (trial.error instanceof Failure) return { state: 'broken', failure: trial.error };
    if (!isSystemError(trial.error)) throw trial.error;
    const errno = errnoName(trial.error);
    const why = reasons[errno] ?? `refused (${errno}): ${since[link]}`;
    return { state: 'lacking', found: why };
  },
});

export const sessionLink = linkCheck('session');
export const multiLink = linkCheck('multi');
export const perfEventLink = linkCheck('perf-event');

/** Leak needs one of them. */
export const anyLink: HostCheck = {
  name: 'uprobes',
  look: async ({ links }) => {
    const trials = await links();
    const best = (Object.keys(trials) as UprobeLink[]).find((link) => 'entryNs' in trials[link]);
    if (best) return { state: 'ready', found: `${best} links are used` };
    const trial = trials['perf-event'];
    const failure = 'error' in trial ? await refusalOfLink(trial.error, 'perf-event') : null;
    if (failure instanceof Failure) return { state: 'broken', failure };
    throw failure;
  },
};
