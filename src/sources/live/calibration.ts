import { Failure } from '../../errors/failure.ts';
import { errnoName } from './errno.ts';
import { isForbidden, memoryFailure, refusalOf } from './refusal.ts';
import {
  attachTypes,
  bpf,
  isSystemError,
  openObject,
  type SystemError,
  type UprobeLink,
} from '../../native/bpf.ts';

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

let plain: Promise<number> | undefined;

/** Of a call of our own functions without a probe, nanoseconds: taken before there is any, as they are detached only some time later. */
export function plainCallNs(): Promise<number> {
  plain ??= bpf().timeCalibration('free', calls);
  return plain;
}

/** Whether the kernel takes this link, tried on functions of our own; throws SystemError where it does not. */
export async function tryLink(link: UprobeLink): Promise<HitCost> {
  const functions = (['free', 'stepped'] as const).map((name) => bpf().calibrationFunction(name));
  const callNs = await plainCallNs();
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
    return { entryNs: Math.max(0, entry - callNs), steppedNs: Math.max(0, stepped - callNs) };
  } finally {
    // Detaching waits for grace periods; nobody else does.
    void object.close();
  }
}

/** The best link that works. Errors: Failure of `refusalOf`. */
export async function chooseLink(wanted: 'auto' | UprobeLink): Promise<ChosenLink> {
  const refusals: { readonly link: UprobeLink; readonly error: SystemError }[] = [];
  for (const link of wanted === 'auto' ? best : [wanted]) {
    try {
      const cost = await tryLink(link);
      const refused = refusals.map((each) => each.link).join(' and ');
      const why =
        wanted === link
          ? 'asked for'
          : refused === ''
            ? 'the kernel takes it'
            : `the kernel refuses ${refused}`;
      return { link, why, ...cost };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      refusals.push({ link, error });
    }
  }
  throw await failureOf(wanted, refusals);
}

async function failureOf(
  wanted: 'auto' | UprobeLink,
  refusals: readonly { readonly link: UprobeLink; readonly error: SystemError }[],
): Promise<unknown> {
  const memory = refusals.map(({ error }) => memoryFailure(error)).find((each) => each !== null);
  if (memory) return memory;
  // Not the lack of a kind of link, which has errors of its own: then links are there.
  const forbidden = refusals.findLast(
    ({ error }) => isForbidden(error) || errnoName(error) === 'ENOSYS',
  );
  if (forbidden) return await refusalOfLink(forbidden.error, forbidden.link);
  const isLacking = refusals.every(({ error }) => lackings.has(errnoName(error)));
  return new Failure('kernel-lacks', {
    feature: wanted === 'auto' ? 'uprobes that BPF programs could use' : `${wanted} uprobes`,
    detail: refusals.map(({ link, error }) => `${link}: ${errnoName(error)}`).join(', '),
    ...(wanted !== 'auto'
      ? { remedy: 'leave out --link: the best one that works is taken' }
      : isLacking
        ? { remedy: 'boot a kernel with CONFIG_UPROBE_EVENTS=y and CONFIG_BPF_EVENTS=y' }
        : {}),
  });
}

/** What the kernel says of a kind of link that it does not have. */
const lackings = new Set(['ENOENT', 'EINVAL', 'EOPNOTSUPP']);

/** What `refusalOf` says of programs of leak that were loaded and attached by this link. */
export const refusalOfLink = (error: unknown, link: UprobeLink): Promise<unknown> =>
  refusalOf(error, {
    object: 'calibrate',
    forWhat: 'memtrace leak',
    attachesBy: link === 'perf-event' ? 'perf_event_open' : 'bpf',
  });
