import type { LeakSnapshot, Mapping, Notice, ProbeActivity } from '../../domain/leak-snapshot.ts';
import type { Stack } from '../../domain/stack.ts';
import { bytes, milliseconds, type Milliseconds } from '../../domain/units.ts';
import { withLines } from '../../symbols/lines.ts';
import type { ProgramCost } from './program-cost.ts';
import { Counters, type SiteCounters } from './counters.ts';
import type { ForksUnseen, HeapObject } from './heap-object.ts';
import type { TracedImage } from './image.ts';
import { mappingUse } from './mapping-use.ts';
import { blindNotices, filterNotices, quietNotice } from './notices.ts';
import type { ProcessTracker } from './process-tracker.ts';
import type { LeakSessionRequest } from './request.ts';
import { lostStack, RawStacks } from './stacks.ts';
import { monotonicNs } from './time.ts';

/** What a call of a probed function costs the target, nanoseconds; `steppedNs` on top where an instruction is single-stepped. */
export interface CallCost extends ProgramCost {
  readonly steppedNs: number;
}

/** Shapes whose returns are not probed. */
const entryOnly = new Set(['free', 'unmap', 'owner-size']);

/** Turns what the kernel's tables hold into snapshots. */
export class SnapshotReader {
  readonly #request: LeakSessionRequest;
  readonly #heap: HeapObject;
  readonly #tracker: ProcessTracker;
  readonly #cost: CallCost;
  readonly #counters: Counters;
  readonly #raw: RawStacks;
  #originNs = 0;

  constructor(
    request: LeakSessionRequest,
    heap: HeapObject,
    tracker: ProcessTracker,
    cost: CallCost,
  ) {
    this.#request = request;
    this.#heap = heap;
    this.#tracker = tracker;
    this.#cost = cost;
    this.#counters = new Counters(heap.object);
    this.#raw = new RawStacks(heap.object);
  }

  begin(originNs: number): void {
    this.#originNs = originNs;
  }

  since(ns: number): Milliseconds {
    return milliseconds((ns - this.#originNs) / 1e6);
  }

  stack(hash: bigint, image: number): Stack {
    return this.#tracker.images.get(image)?.stack(hash, this.#raw) ?? lostStack;
  }

  async withLines(stack: Stack): Promise<Stack> {
    const id = Number(stack.id.split('.')[1]);
    const image = this.#tracker.images.get(id);
    return image === undefined
      ? stack
      : { ...stack, frames: await withLines(image.symbols, stack.frames) };
  }

  async read(options: { readonly blocks?: boolean }): Promise<LeakSnapshot> {
    const [counters, probes, { losses, unknownFrees }] = await Promise.all([
      this.#counters.sites(this.#originNs),
      this.#tracker.probes.activity(),
      this.#counters.losses(),
    ]);
    await this.#refreshImages(counters);
    const stacks = new Map<string, Stack>();
    const sites = counters.map(({ hash, ...site }) => {
      const stack = this.stack(hash, site.image);
      stacks.set(stack.id, stack);
      return { ...site, stackId: stack.id };
    });
    const elapsed = this.since(monotonicNs());
    const images = [...this.#tracker.images.values()].map((image) => image.facts());
    return {
      takenAt: Date.now(),
      elapsed,
      mode: 'user',
      images,
      sites,
      stacks,
      mappings: this.#mappings(stacks),
      ...(options.blocks === true
        ? { blocks: await this.#counters.blocks(this.#originNs, indexOf(counters)) }
        : {}),
      losses,
      unknownFrees,
      probes,
      costNs: this.#costOf(probes),
      kernelMemory: bytes(this.#heap.object.kernelMemory()),
      notices: [
        ...quietNotice(elapsed, probes, [...this.#tracker.explanations]),
        ...filterNotices(this.#request),
        ...blindNotices(images),
        ...this.#followNotices(),
      ],
    };
  }

  // A module loaded since the mappings were last read.
  async #refreshImages(counters: readonly SiteCounters[]): Promise<void> {
    const stale = new Set<TracedImage>();
    for (const { hash, image } of counters) {
      const traced = this.#tracker.images.get(image);
      if (traced?.state === 'running' && traced.isUnresolved(hash, this.#raw)) stale.add(traced);
    }
    await Promise.all([...stale].map((image) => image.refresh()));
  }

  #mappings(stacks: Map<string, Stack>): Mapping[] {
    return [...this.#tracker.images.values()]
      .filter((image) => image.state !== 'replaced-by-exec')
      .flatMap((image) =>
        image.mappings.ranges().map(({ start, end, facts }) => {
          const stack = image.stack(facts.stackHash, this.#raw);
          stacks.set(stack.id, stack);
          return {
            image: image.id,
            stackId: stack.id,
            address: start,
            size: bytes(Number(end - start)),
            bornAt: facts.bornAt,
            use: mappingUse(facts.protection, facts.flags),
          };
        }),
      );
  }

  #costOf(probes: readonly ProbeActivity[]): number {
    const { callNs, freeNs, steppedNs } = this.#cost;
    return probes.reduce((sum, { hits, shape, emulated }) => {
      const each = entryOnly.has(shape) ? freeNs : callNs;
      return sum + hits * (each + (emulated ? 0 : Math.max(0, steppedNs)));
    }, 0);
  }

  #followNotices(): Notice[] {
    const notices: Notice[] = [];
    const { forksUnseen } = this.#heap;
    if (forksUnseen !== null) {
      const text = `forked children are not followed: ${forksUnseenReasons[forksUnseen]}`;
      notices.push({ code: 'forks-unseen', text });
    }
    if (this.#tracker.throwingLeftOut) {
      const text =
        'operator new of this allocator is not followed: without session links (kernel 6.13) a return probe would turn std::bad_alloc into an abort';
      notices.push({ code: 'new-unseen', text });
    }
    const missed = this.#tracker.missedChildren;
    if (missed > 0) {
      const text = `${missed} forked ${missed === 1 ? 'child' : 'children'} ended before a probe could be attached: what they did is not seen`;
      notices.push({ code: 'children-missed', text });
    }
    return notices;
  }
}

const forksUnseenReasons: Readonly<Record<ForksUnseen, string>> = {
  'no-btf': 'this kernel has no BTF of its own (/sys/kernel/btf/vmlinux)',
  'locked-down':
    'the kernel is locked down (confidentiality) and lets no BPF program read its memory',
};

function indexOf(counters: readonly SiteCounters[]): (hash: bigint, image: number) => number {
  const byImage = new Map<number, Map<bigint, number>>();
  counters.forEach(({ hash, image }, i) => {
    const hashes = byImage.get(image) ?? new Map<bigint, number>();
    byImage.set(image, hashes.set(hash, i));
  });
  return (hash, image) => byImage.get(image)?.get(hash) ?? -1;
}
