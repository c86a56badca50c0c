import { Failure } from '../../errors/failure.ts';
import { attachTypes, bpf, isSystemError, openObject, type UprobeLink } from '../../native/bpf.ts';

/** What this kernel takes, and what one hit of an empty program costs here, nanoseconds of the target's CPU time. */
export interface Calibration {
  readonly link: UprobeLink;
  readonly why: string;
  readonly entryNs: number;
  /** Entry and return of one call. */
  readonly callNs: number;
}

const calls = 200;
const best: readonly UprobeLink[] = ['session', 'multi', 'perf-event'];

async function timed(
  link: UprobeLink,
  options: { skipReturn?: boolean; atReturn?: boolean },
): Promise<number> {
  const { path, offset } = bpf().calibrationFunction();
  const object = openObject('calibrate');
  try {
    object.setConstant('skip_return', options.skipReturn === true ? 1 : 0);
    object.setAttachType('calibrate', attachTypes[link]);
    await object.load();
    const request = { kind: link, program: 'calibrate', path, offsets: [offset], pid: process.pid };
    await object.attach(request);
    if (options.atReturn === true) await object.attach({ ...request, atReturn: true });
    return await bpf().timeCalibration(calls);
  } finally {
    void object.close();
  }
}

/** Whether the kernel takes this link, tried on a function of our own; throws SystemError where it does not. */
export async function tryLink(
  link: UprobeLink,
): Promise<{ readonly entryNs: number; readonly callNs: number }> {
  const plain = await bpf().timeCalibration(calls);
  const session = link === 'session';
  const [entry, call] = await Promise.all([
    timed(link, { skipReturn: session }),
    timed(link, session ? {} : { atReturn: true }),
  ]);
  return { entryNs: Math.max(0, entry - plain), callNs: Math.max(0, call - plain) };
}

/** The best link that works. Errors: Failure `kernel-lacks` or `no-privilege`. */
export async function calibrate(wanted: 'auto' | UprobeLink): Promise<Calibration> {
  const refusals: string[] = [];
  let errno = 0;
  for (const link of wanted === 'auto' ? best : [wanted]) {
    try {
      const cost = await tryLink(link);
      const why =
        wanted === link
          ? 'asked for'
          : refusals.length === 0
            ? 'the kernel takes it'
            : `the kernel refuses ${refusals.join(' and ')}`;
      return { link, why, ...cost };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      errno = error.errno;
      refusals.push(link);
    }
  }
  if (errno === 1 || errno === 13) {
    throw new Failure('no-privilege', { missing: ['CAP_BPF', 'CAP_PERFMON'], forWhat: 'uprobes' });
  }
  throw new Failure('kernel-lacks', {
    feature: 'uprobes',
    detail: `${refusals.join(', ')}: errno ${errno}`,
  });
}
