import { Failure } from '../../../errors/failure.ts';
import { type AttachRequest, isSystemError, openObject } from '../../../native/bpf.ts';
import type { Finding, HostCheck } from './check.ts';
import { errnoName } from '../errno.ts';

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

async function trial(
  request: Extract<AttachRequest, { readonly event: string }>,
  without: (why: string) => Finding,
): Promise<Finding> {
  try {
    await attachTrial(request);
    return { state: 'ready', found: `attached to ${request.event}` };
  } catch (error) {
    if (error instanceof Failure) return { state: 'broken', failure: error };
    if (isSystemError(error)) return without(errnoName(error));
    throw error;
  }
}

/** They tell of exec, exit and fork, and of the kernel's own allocations; events come through the ring buffer. */
export const rawTracepoint: HostCheck = {
  name: 'raw tracepoint, ring',
  look: async () =>
    await trial(
      { kind: 'raw-tracepoint', program: 'try_raw_tracepoint', event: 'sched_process_exec' },
      (why) => ({
        state: 'broken',
        failure:
          why === 'EPERM' || why === 'EACCES'
            ? new Failure('no-privilege', {
                missing: ['CAP_BPF', 'CAP_PERFMON'],
                forWhat: 'a raw tracepoint',
              })
            : new Failure('kernel-lacks', {
                feature: 'raw tracepoints with a ring buffer',
                detail: why,
              }),
      }),
    ),
};

/** Leak does without them. */
export const classicTracepoint: HostCheck = {
  name: 'classic tracepoint',
  look: async () =>
    await trial(
      { kind: 'tracepoint', program: 'try_tracepoint', category: 'kmem', event: 'kmalloc' },
      (why) => ({
        state: 'lacking',
        found: `${why === 'ENOENT' ? 'no tracefs' : 'refused'} (${why}): leak uses raw ones`,
      }),
    ),
};
