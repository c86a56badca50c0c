import { Failure } from '../../../errors/failure.ts';
import { type AttachRequest, isSystemError, openObject } from '../../../native/bpf.ts';
import { errnoName } from '../errno.ts';
import { refusalOf } from '../refusal.ts';
import type { HostCheck } from './check.ts';

const programs = ['try_raw_tracepoint', 'try_tracepoint'] as const;

/** Loads the ring buffer and one empty program of bpf/trial.bpf.c, and attaches it. Throws SystemError, `not-built`. */
async function attachTrial(
  request: Extract<AttachRequest, { readonly event: string }>,
): Promise<void> {
  const object = openObject('trial');
  try {
    for (const program of programs) object.chooseProgram(program, program === request.program);
    await object.load();
    await object.attach(request);
  } finally {
    await object.close();
  }
}

/** They tell of exec, exit and fork, and of the kernel's own allocations; events come through the ring buffer. */
export const rawTracepoint: HostCheck = {
  name: 'raw tracepoint, ring',
  look: async () => {
    try {
      const event = 'sched_process_exec';
      await attachTrial({ kind: 'raw-tracepoint', program: 'try_raw_tracepoint', event });
      return { state: 'ready', found: `attached to ${event}` };
    } catch (error) {
      const failure = await refusalOf(error, { object: 'trial', forWhat: 'a raw tracepoint' });
      if (!(failure instanceof Failure)) throw failure;
      if (!isSystemError(error) || failure.code !== 'bpf-load-refused')
        return { state: 'broken', failure };
      const feature = 'raw tracepoints with a ring buffer';
      const detail = errnoName(error);
      return { state: 'broken', failure: new Failure('kernel-lacks', { feature, detail }) };
    }
  },
};

/** Leak does without them. */
export const classicTracepoint: HostCheck = {
  name: 'classic tracepoint',
  look: async () => {
    try {
      const event = { category: 'kmem', event: 'kmalloc' };
      await attachTrial({ kind: 'tracepoint', program: 'try_tracepoint', ...event });
      return { state: 'ready', found: `attached to ${event.event}` };
    } catch (error) {
      if (error instanceof Failure) return { state: 'broken', failure: error };
      if (!isSystemError(error)) throw error;
      const why = errnoName(error);
      const what = why === 'ENOENT' ? 'no tracefs' : 'refused';
      return { state: 'lacking', found: `${what} (${why}): leak uses raw ones` };
    }
  },
};
