import {
  attachTypes,
  bpf,
  isSystemError,
  openObject,
  type BpfObject,
  type Layout,
  type Ring,
  type UprobeLink,
} from '../../native/bpf.ts';
import { addressBits } from '../../system/address-bits.ts';
import { readLockdown } from '../../system/kernel-facts.ts';
import { decodeEvents, enumNames, type Event, type EventKind } from './events.ts';
import { sizeTables } from './heap-tables.ts';
import { encode, u32Bytes } from './records.ts';
import { refusalOf, refusesKernelReads } from './refusal.ts';
import type { LeakSessionRequest } from './request.ts';

const maxSize = 2n ** 64n - 1n;
const traceRingBytes = 1 << 24;
/** BPF_FUNC_get_attach_cookie of linux/bpf.h (5.15). */
const cookieHelper = 174;

const programsAtEntry = [
  'shape_size',
  'shape_count_size',
  'shape_realloc',
  'shape_realloc_array',
  'shape_aligned',
  'shape_out_aligned',
  'shape_map',
  'shape_remap',
  'shape_owner_size',
  'shape_size_throwing',
  'shape_free',
  'shape_unmap',
  'libraries_changed',
] as const;

/** Why forks are not seen: their process ids are read from the kernel's memory, at an offset that its BTF tells. */
export type ForksUnseen = 'no-btf' | 'locked-down';

/** bpf/heap.bpf.c, loaded for one session. */
export class HeapObject {
  readonly object: BpfObject;
  readonly link: UprobeLink;
  /** Null: they are seen. */
  readonly forksUnseen: ForksUnseen | null;
  /** Whether programs are told which probe was hit; else by `placeProbe`. */
  readonly hasCookies: boolean;
  readonly #ring: Ring;
  readonly #eventLayout: Layout;
  readonly #eventKinds: ReadonlyMap<number, EventKind>;
  readonly #processLayout: Layout;
  readonly #placeLayout: Layout;

  private constructor(
    object: BpfObject,
    link: UprobeLink,
    { forksUnseen, hasCookies }: Pick<HeapObject, 'forksUnseen' | 'hasCookies'>,
  ) {
    this.object = object;
    this.link = link;
    this.forksUnseen = forksUnseen;
    this.hasCookies = hasCookies;
    this.#ring = object.openRing('events');
    this.#eventLayout = object.layout('event');
    this.#eventKinds = enumNames(object.enumerators('event_kind'), 'EVENT_');
    this.#processLayout = object.layout('process');
    this.#placeLayout = object.layout('probe_place');
  }

  /** Errors: Failure of `refusalOf`, `not-built`. */
  static async load(
    request: LeakSessionRequest,
    link: UprobeLink,
    throwsFrom: number,
  ): Promise<HeapObject> {
    const isLockedDown = (await readLockdown()) === 'confidentiality';
    try {
      return await HeapObject.#load(request, link, throwsFrom, isLockedDown);
    } catch (error) {
      // Where securityfs is not mounted, only the refusal tells.
      if (!isLockedDown && isSystemError(error) && refusesKernelReads(error))
        return await HeapObject.#load(request, link, throwsFrom, true).catch(refuse);
      return await refuse(error);
    }
  }

  /** Errors: SystemError, Failure `not-built`. */
  static async #load(
    request: LeakSessionRequest,
    link: UprobeLink,
    throwsFrom: number,
    isLockedDown: boolean,
  ): Promise<HeapObject> {
    const pidOffset = bpf().kernelMemberOffset('task_struct', 'pid');
    const forksUnseen = isLockedDown ? 'locked-down' : pidOffset === null ? 'no-btf' : null;
    const object = openObject('heap');
    object.setConstant('min_size_bytes', BigInt(request.minSize));
    object.setConstant(
      'max_size_bytes',
      Number.isFinite(request.maxSize) ? BigInt(request.maxSize) : maxSize,
    );
    object.setConstant('throws_from_bytes', throwsFrom);
    object.setConstant('sample_every', request.sampleRate);
    object.setConstant('trace_events', request.trace ? 1 : 0);
    object.setConstant('max_stack_depth', request.maxStackDepth);
    object.setConstant('address_bits', addressBits());
    object.setConstant('session_link', link === 'session' ? 1 : 0);
    const hasCookies = bpf().hasHelper(cookieHelper);
    object.setConstant('has_cookies', hasCookies ? 1 : 0);
    object.setConstant('hold_first_call', request.target.kind === 'command' ? 1 : 0);
    object.setConstant('follow_children', request.follow ? 1 : 0);
    object.setConstant('task_pid_offset', pidOffset ?? 0);
    sizeTables(object, request);
    if (request.trace) object.setMaxEntries('events', traceRingBytes);
    for (const program of programsAtEntry) object.setAttachType(program, attachTypes[link]);
    object.setAttachType('leave', link === 'session' ? 0 : attachTypes[link]);
    object.chooseProgram('leave', link !== 'session');
    object.chooseProgram('process_forked', forksUnseen === null);
    try {
      await object.load();
      const heap = new HeapObject(object, link, { forksUnseen, hasCookies });
      await heap.#watchProcesses();
      return heap;
    } catch (error) {
      await object.close();
      throw error;
    }
  }

  async #watchProcesses(): Promise<void> {
    const tracepoints = [
      ...(this.forksUnseen === null ? [['process_forked', 'task_newtask']] : []),
      ['process_executed', 'sched_process_exec'],
      ['thread_exited', 'sched_process_exit'],
    ] as const;
    await Promise.all(
      tracepoints.map(([program, event]) =>
        this.object.attach({ kind: 'raw-tracepoint', program: program ?? '', event: event ?? '' }),
      ),
    );
  }

  /** The instant between seen and not seen, the same for every probe. */
  record(on: boolean): void {
    this.object.update('recording', u32Bytes(0), u32Bytes(on ? 1 : 0));
  }

  addProcess(pid: number, image: number): void {
    this.object.update('processes', u32Bytes(pid), encode(this.#processLayout, { image }));
  }

  /** Its mappings have been read: it need not wait any longer. */
  acknowledge(image: number): void {
    this.object.update('known_images', u32Bytes(image), u32Bytes(1));
  }

  /** Tells a probe by where it is in a process. */
  placeProbe(probe: number, pid: number, address: bigint): void {
    this.object.update(
      'probe_places',
      encode(this.#placeLayout, { pid, address }),
      u32Bytes(probe),
    );
  }

  removeProcess(pid: number): void {
    this.object.remove('processes', u32Bytes(pid));
  }

  /** The next events, after at most `timeoutMs`. */
  async events(timeoutMs: number): Promise<Event[]> {
    return decodeEvents(await this.#ring.wait(timeoutMs), this.#eventLayout, this.#eventKinds);
  }

  wake(): void {
    this.#ring.wake();
  }

  /** Detaches everything and frees it. No events() may be under way. */
  async close(): Promise<void> {
    this.#ring.close();
    await this.object.close();
  }
}

const refuse = async (error: unknown): Promise<never> => {
  throw await refusalOf(error, { object: 'heap', forWhat: 'memtrace leak' });
};
