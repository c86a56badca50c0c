import type { LeakSnapshot } from '../../domain/leak-snapshot.ts';
import type { Stack } from '../../domain/stack.ts';
import { bytes, milliseconds } from '../../domain/units.ts';
import type { BpfObject } from '../../native/bpf.ts';
import { KernelSymbols } from '../../symbols/kernel-symbols.ts';
import type { LeakSource, TraceEvent } from '../source.ts';
import { Counters } from './counters.ts';
import { configure, kernelBlocks, kernelProbes, openKernelObject } from './kernel-object.ts';
import { kernelStack } from './kernel-stack.ts';
import { filterNotices } from './notices.ts';
import { requireKernelReads } from './privileges.ts';
import { u32Bytes } from './records.ts';
import { refusalOf } from './refusal.ts';
import type { LeakSessionRequest, SessionPlan } from './request.ts';
import { lostStack, RawStacks } from './stacks.ts';
import { monotonicNs } from './time.ts';

const blockBytes = 96;

/** Traces the kernel's own allocations by kernel stack. Errors: Failure; nothing stays attached then. */
export async function openKernelSession(request: LeakSessionRequest): Promise<LeakSource> {
  await requireKernelReads('memtrace leak');
  const symbols = await KernelSymbols.read();
  const object = openKernelObject();
  try {
    const probes = configure(object, request);
    await object.load();
    await Promise.all(
      probes.map(({ program, event }) => object.attach({ kind: 'raw-tracepoint', program, event })),
    );
    return new KernelSession(request, object, symbols);
  } catch (error) {
    await object.close();
    throw await refusalOf(error, { object: 'kernel', forWhat: 'memtrace leak' });
  }
}

/** What openKernelSession would attach. Errors: Failure `kernel-lacks`. */
export async function describeKernelPlan(request: LeakSessionRequest): Promise<SessionPlan> {
  await requireKernelReads('memtrace leak');
  return {
    plans: [],
    tracepoints: kernelProbes(request).map(({ category, event }) => `${category}:${event}`),
    link: 'tracepoint',
    linkWhy: 'the kernel tells of its own allocations by raw tracepoints',
    kernelMemory: bytes(kernelBlocks(request) * blockBytes),
  };
}

class KernelSession implements LeakSource {
  /** The kernel does not exit. */
  readonly ended: Promise<void> = new Promise(() => {});
  readonly #request: LeakSessionRequest;
  readonly #object: BpfObject;
  readonly #symbols: KernelSymbols;
  readonly #counters: Counters;
  readonly #raw: RawStacks;
  readonly #stacks = new Map<bigint, Stack>();
  readonly #originNs = monotonicNs();
  #last: Promise<LeakSnapshot> | null = null;

  constructor(request: LeakSessionRequest, object: BpfObject, symbols: KernelSymbols) {
    this.#request = request;
    this.#object = object;
    this.#symbols = symbols;
    this.#counters = new Counters(object);
    this.#raw = new RawStacks(object);
    this.#record(true);
  }

  #record(on: boolean): void {
    this.#object.update('recording', u32Bytes(0), u32Bytes(on ? 1 : 0));
  }

  #stack(hash: bigint): Stack {
    const known = this.#stacks.get(hash);
    if (known !== undefined) return known;
    const raw = hash === 0n ? null : this.#raw.get(hash);
    if (raw === null) return lostStack;
    const stack = kernelStack(hash, raw, this.#symbols);
    this.#stacks.set(hash, stack);
    return stack;
  }

  async snapshot({ blocks = false }: { readonly blocks?: boolean } = {}): Promise<LeakSnapshot> {
    if (this.#last !== null) return this.#last;
    return this.#read(blocks);
  }

  async #read(blocks: boolean): Promise<LeakSnapshot> {
    const [counters, { losses, unknownFrees }] = await Promise.all([
      this.#counters.sites(this.#originNs),
      this.#counters.losses(),
    ]);
    const index = new Map(counters.map(({ hash }, i) => [hash, i]));
    const stacks = new Map<string, Stack>();
    const sites = counters.map(({ hash, ...site }) => {
      const stack = this.#stack(hash);
      stacks.set(stack.id, stack);
      return { ...site, stackId: stack.id };
    });
    const recursion = this.#object
      .programs()
      .reduce((sum, program) => sum + program.recursionMisses, 0);
    return {
      takenAt: Date.now(),
      elapsed: milliseconds((monotonicNs() - this.#originNs) / 1e6),
      mode: 'kernel',
      images: [
        {
          id: 0,
          pid: 0,
          command: 'kernel',
          parent: 0,
          state: 'running',
          blindMs: milliseconds(0),
        },
      ],
      sites,
      stacks,
      mappings: [],
      ...(blocks
        ? { blocks: await this.#counters.blocks(this.#originNs, (hash) => index.get(hash) ?? -1) }
        : {}),
      losses:
        recursion > 0 ? [...losses, { reason: 'recursion', count: recursion, bytes: 0 }] : losses,
      unknownFrees,
      probes: [],
      costNs: null,
      kernelMemory: bytes(this.#object.kernelMemory()),
      notices: [
        ...filterNotices(this.#request),
        {
          code: 'kinds-overlap',
          text: 'pages that the slab allocator takes for itself are counted as pages too: the two do not add up',
        },
        ...this.#symbols.notices,
      ],
    };
  }

  async withLines(stack: Stack): Promise<Stack> {
    return stack;
  }

  async trace(timeoutMs: number): Promise<readonly TraceEvent[]> {
    await new Promise((resolve) => setTimeout(resolve, timeoutMs));
    return [];
  }

  release(): void {}

  close({ blocks = false }: { readonly blocks?: boolean } = {}): Promise<LeakSnapshot> {
    this.#last ??= this.#close(blocks);
    return this.#last;
  }

  async #close(blocks: boolean): Promise<LeakSnapshot> {
    this.#record(false);
    const snapshot = await this.#read(blocks);
    await this.#object.close();
    return { ...snapshot, ended: 'stopped' };
  }
}
