import { Failure } from '../../errors/failure.ts';
import { missingForBpf } from './privileges.ts';
import { memoryFailure } from './heap-object.ts';
import { attachTypes, bpf, isSystemError, openObject, type UprobeLink } from '../../native/bpf.ts';

/** What one hit of an empty program costs here, nanoseconds of the target's CPU time. */
export interface HitCost {
  /** On an instruction that the kernel emulates. */
  readonly entryNs: number;
  /** On one that it has to single-step. */
  readonly steppedNs: number;
}

/** The link that this kernel takes, and why that one. */
export interface ChosenLink extends HitCost {
  readonly link: UprobeLink;
  readonly why: string;
}

const calls = 200;
const best: readonly UprobeLink[] = ['session', 'multi', 'perf-event'];

/** Whether the kernel takes this link, tried on functions of our own; throws SystemError where it does not. */
export async function tryLink(link: UprobeLink): Promise<HitCost> {
  const functions = (['free', 'stepped'] as const).map((name) => bpf().calibrationFunction(name));
  const plain = await bpf().timeCalibration('free', calls);
  const object = openObject('calibrate');
  try {
    object.setConstant('skip_return', link === 'session' ? 1 : 0);
    object.setAttachType('calibrate', attachTypes[link]);
    await object.load();
    for (const { path, offset } of functions) {
      const place = { path, offsets: [offset], pid: process.pid };
      await object.attach({ kind: link, program: 'calibrate', ...place });
    }
    const entry = await bpf().timeCalibration('free', calls);
    const stepped = await bpf().timeCalibration('stepped', calls);
    return { entryNs: Math.max(0, entry - plain), steppedNs: Math.max(0, stepped - plain) };
  } finally {
    // Detaching waits for grace periods; nobody else does.
    void object.close();
  }
}

/** The best link that works. Errors: Failure `kernel-lacks` or `no-privilege`. */
export async function chooseLink(wanted: 'auto' | UprobeLink): Promise<ChosenLink> {
  const refusals: string[] = [];
  let errno = 0;
  let memory: Failure | null = null;
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
      memory ??= memoryFailure(error);
      refusals.push(link);
    }
  }
  if (memory !== null) throw memory;
  if (errno === 1 || errno === 13) {
    const missing = await missingForBpf();
    // Those that are enough are there: perf events want more.
    throw new Failure('no-privilege', {
      missing: missing.length > 0 ? missing : ['CAP_SYS_ADMIN'],
      forWhat: 'uprobes by perf events',
    });
  }
  throw new Failure('kernel-lacks', {
    feature: 'uprobes',
    detail: `${refusals.join(', ')}: errno ${errno}`,
  });
}
