import { Failure } from '../../errors/failure.ts';
import { verifierReason } from '../../errors/verifier-log.ts';
import { isSystemError, type SystemError } from '../../native/bpf.ts';
import { readLockdown } from '../../system/kernel-facts.ts';
import { readStatus } from '../../system/status.ts';
import { errnoName } from './errno.ts';
import { missingForBpf, missingForPerfEvents } from './privileges.ts';

/** What was refused: BPF programs to be loaded, or one of them to be attached. */
export interface Attempt {
  /** dist/bpf/OBJECT.bpf.o. */
  readonly object: string;
  /** As the subject of a sentence. */
  readonly forWhat: string;
  /** The system call that attaches; loading is always by bpf. */
  readonly attachesBy?: 'bpf' | 'perf_event_open';
}

/**
 * What a refusal by the kernel means to the user: a Failure `kernel-memory-refused`, `locked-down`, `kernel-lacks`, `no-privilege`,
 * `bpf-forbidden` or `bpf-load-refused`. What is no SystemError comes back as it is.
 */
export async function refusalOf(error: unknown, attempt: Attempt): Promise<unknown> {
  if (!isSystemError(error)) return error;
  return (
    memoryFailure(error) ??
    (await lockdownFailure(error)) ??
    missingCall(error, attempt) ??
    (isForbidden(error) ? await forbiddance(error, attempt) : loadRefusal(error, attempt))
  );
}

/** Of a table that the kernel did not make: it had no memory, or before 5.11 the limit of locked memory was reached (EPERM). */
export function memoryFailure({
  log,
  errno,
}: SystemError): Failure<'kernel-memory-refused'> | null {
  const map = /map '([^']+)': failed to create/.exec(log)?.[1];
  return map === undefined
    ? null
    : new Failure('kernel-memory-refused', { map, errno: String(errno) });
}

/**
 * Whether the kernel has no helper that reads its memory: so it says where it is locked down. libbpf then puts
 * bpf_probe_read() in the place of bpf_probe_read_kernel().
 */
export const refusesKernelReads = ({ log }: SystemError): boolean =>
  /(unknown func|cannot use helper) bpf_probe_read(_kernel)?(_str)?#/.test(log);

/** Where securityfs is not mounted, the kernel does not tell its mode. */
async function lockdownFailure(error: SystemError): Promise<Failure<'locked-down'> | null> {
  return refusesKernelReads(error)
    ? new Failure('locked-down', { mode: (await readLockdown()) ?? 'confidentiality' })
    : null;
}

/** Not there: not in this kernel, or hidden by a sandbox. */
function missingCall(error: SystemError, attempt: Attempt): Failure<'kernel-lacks'> | null {
  if (errnoName(error) !== 'ENOSYS') return null;
  const call = callOf(error, attempt);
  const option = call === 'bpf' ? 'CONFIG_BPF_SYSCALL=y' : 'CONFIG_PERF_EVENTS=y';
  return new Failure('kernel-lacks', {
    feature: `system call ${call}`,
    detail: 'ENOSYS',
    remedy: `boot a kernel with ${option}, or run it outside the sandbox that hides it`,
  });
}

/** Of capabilities or a policy; what the verifier refuses is told by its log. */
export const isForbidden = (error: SystemError): boolean =>
  errnoName(error) === 'EPERM' ||
  (errnoName(error) === 'EACCES' && verifierReason(error.log) === null);

const callOf = (error: SystemError, { attachesBy = 'bpf' }: Attempt): string =>
  error.operation === 'object.load' ? 'bpf' : attachesBy;

async function forbiddance(
  error: SystemError,
  attempt: Attempt,
): Promise<Failure<'no-privilege' | 'bpf-forbidden' | 'bpf-load-refused'>> {
  const call = callOf(error, attempt);
  const forBpf = await missingForBpf();
  if (forBpf.length > 0)
    return new Failure('no-privilege', { missing: forBpf, forWhat: attempt.forWhat });
  const forEvents = call === 'bpf' ? [] : await missingForPerfEvents();
  if (forEvents.length > 0)
    return new Failure('no-privilege', { missing: forEvents, forWhat: 'probing by perf events' });
  // Other programs may be taken: then it is these that are refused, not the system call.
  if (error.operation === 'object.load' && !refusesAnyProgram(error))
    return loadRefusal(error, attempt);
  const { seccomp } = await readStatus('self');
  return new Failure('bpf-forbidden', {
    call,
    errno: errnoName(error),
    isFiltered: seccomp !== 'none',
  });
}

/** libbpf begins with a program that does nothing. */
const refusesAnyProgram = ({ log }: SystemError): boolean => log.includes('trivial BPF program');

function loadRefusal(error: SystemError, { object }: Attempt): Failure<'bpf-load-refused'> {
  return new Failure('bpf-load-refused', { object, errno: stepOf(error), log: error.log });
}

/** What failed, e.g. `EINVAL`, or `trace.attach read_left: EBUSY`. Of a loaded object libbpf keeps 15 characters of the name. */
export const stepOf = (error: SystemError): string =>
  error.operation === 'object.load'
    ? errnoName(error)
    : `${error.operation} ${error.subject}: ${errnoName(error)}`;
