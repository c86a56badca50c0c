import { bytes } from '../../../domain/units.ts';
import { Failure } from '../../../errors/failure.ts';
import type { UprobeLink } from '../../../native/bpf.ts';
import { HeapObject } from '../heap-object.ts';
import type { LeakSessionRequest } from '../request.ts';
import { seccompVerdict } from '../return-probes.ts';
import type { HostCheck } from './check.ts';

/** Small tables: only whether the kernel takes the programs is asked. */
const trialRequest: LeakSessionRequest = {
  target: { kind: 'processes', pids: [] },
  minSize: bytes(0),
  maxSize: bytes(Infinity),
  sampleRate: 1,
  maxBlocks: 1024,
  stackStorageSize: 64,
  maxStackDepth: 127,
  follow: true,
  link: 'auto',
  object: null,
  symbolsPrefix: '',
  trace: false,
};

/** Loads the programs of leak themselves; no uprobe is attached. */
export const leakPrograms: HostCheck = {
  name: 'leak programs',
  look: async ({ links }) => {
    const trials = await links();
    const link = (Object.keys(trials) as UprobeLink[]).find((each) => 'entryNs' in trials[each]);
    try {
      const heap = await HeapObject.load(trialRequest, link ?? 'perf-event', 0);
      await heap.object.close();
      return heap.forksUnseen === null
        ? { state: 'ready', found: 'loaded; forked children are followed' }
        : { state: 'lacking', found: 'loaded; forks are not seen' };
    } catch (error) {
      if (error instanceof Failure) return { state: 'broken', failure: error };
      throw error;
    }
  },
};

/** Whether a return probe kills a process with a seccomp filter here. */
export const returnProbes: HostCheck = {
  name: 'return probes',
  look: async () => {
    try {
      return (await seccompVerdict()) === 'safe'
        ? { state: 'ready', found: 'safe, also under seccomp filters' }
        : {
            state: 'lacking',
            found: 'this kernel kills seccomp-filtered processes at them: those are refused',
            remedy: 'boot kernel 6.14 or newer',
          };
    } catch (error) {
      if (error instanceof Failure) return { state: 'broken', failure: error };
      throw error;
    }
  },
};
