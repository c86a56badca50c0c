import type { ProbePlan } from '../../allocators/allocator.ts';
import { seesBlocks } from '../../allocators/match.ts';
import { milliseconds, type Milliseconds } from '../../domain/units.ts';
import { Failure } from '../../errors/failure.ts';
import { ModuleCache } from '../../symbols/module-cache.ts';
import { ProcessSymbols } from '../../symbols/process-symbols.ts';
import type { Event } from './events.ts';
import type { HeapObject } from './heap-object.ts';
import { TracedImage } from './image.ts';
import { commandOf, hasExited } from './liveness.ts';
import { isObjectMissing, planOptions, type PlanOptions } from './plan-object.ts';
import { closePlan, planProbes } from './plan.ts';
import { Probes } from './probes.ts';
import type { LeakSessionRequest } from './request.ts';
import { monotonicNs } from './time.ts';

/** The traced processes: who they are, what is attached to them, and what becomes of them. */
export class ProcessTracker {
  readonly images = new Map<number, TracedImage>();
  readonly probes: Probes;
  readonly planOptions: PlanOptions;
  /** Children that were gone before a probe could be attached. */
  missedChildren = 0;
  /** Whether an allocator's own operator new is not probed: this link cannot leave out the returns of those that may throw. */
  throwingLeftOut = false;
  /** What is known of the language runtimes of the targets, one sentence each. */
  readonly explanations = new Set<string>();
  readonly #heap: HeapObject;
  readonly #current = new Map<number, TracedImage>();
  readonly #targets = new Set<number>();
  readonly #plans: ProbePlan[] = [];
  readonly #modules = new ModuleCache();

  constructor(heap: HeapObject, request: LeakSessionRequest) {
    this.#heap = heap;
    this.probes = new Probes(heap);
    this.planOptions = planOptions(request);
  }

  get targetsAlive(): boolean {
    return [...this.#targets].some((pid) => this.#current.has(pid));
  }

  /** Attaches to a running process. Errors: Failure `no-allocator`, `object-unfit`, and those of attaching. */
  async add(pid: number, id: number): Promise<void> {
    const plan = await planProbes(pid, this.planOptions);
    this.#plans.push(plan);
    if (!seesBlocks(plan.rows)) throw noProbes(plan, this.planOptions);
    const image = this.#begin(id, pid, await commandOf(pid), null);
    this.#targets.add(pid);
    await image.refresh();
    await this.#attach(image, plan);
  }

  /** Attaches to a process that will become the command of the plan. */
  async addWaiting(pid: number, id: number, command: string, plan: ProbePlan): Promise<void> {
    this.#plans.push(plan);
    const image = this.#begin(id, pid, command, null);
    this.#targets.add(pid);
    await this.#attach(image, plan);
  }

  #begin(id: number, pid: number, command: string, parent: TracedImage | null): TracedImage {
    const symbols = new ProcessSymbols(pid, this.#modules);
    const image = new TracedImage({ id, pid, command, symbols, parent });
    this.images.set(id, image);
    this.#current.set(pid, image);
    if (parent === null) this.#heap.addProcess(pid, id);
    return image;
  }

  async #attach(image: TracedImage, plan: ProbePlan): Promise<void> {
    for (const runtime of plan.runtimes) this.explanations.add(runtime.explanation);
    for (const object of plan.objects) image.objects.add(object);
    // Only a session link decides call by call whether the return is probed.
    const rows = plan.rows.filter(
      ({ shape }) => this.#heap.link === 'session' || shape !== 'size-throwing',
    );
    this.throwingLeftOut ||= rows.length < plan.rows.length;
    image.rows.push(...rows);
    image.links.push(...(await this.probes.attach(image.pid, rows)));
  }

  /** Probes what the process has mapped since; true if that was anything that allocates. */
  async #attachNew(image: TracedImage): Promise<boolean> {
    const plan = await planProbes(image.pid, { ...this.planOptions, known: image.objects });
    this.#plans.push(plan);
    await this.#attach(image, plan);
    return plan.rows.some((row) => row.shape !== 'libraries');
  }

  /** A fork, an exec, an exit, a dlopen or the first call of an image. */
  async changed(event: Event): Promise<void> {
    if (event.kind === 'fork') return this.#forked(event);
    const image = this.images.get(event.image);
    if (image === undefined) return undefined;
    if (event.kind === 'exec') return this.#executed(event, image);
    if (event.kind === 'exit') return this.checkAlive();
    await image.refresh();
    if (event.kind === 'first-call') this.#heap.acknowledge(image.id);
    if (event.kind === 'libraries') await this.#attachSafely(image, event.atNs);
    return undefined;
  }

  async #forked(event: Event): Promise<void> {
    const parent = this.images.get(event.image);
    if (parent === undefined) return;
    const child = this.#begin(event.otherImage, event.otherPid, parent.command, parent);
    child.rows = [...parent.rows];
    for (const object of parent.objects) child.objects.add(object);
    try {
      child.links = await this.probes.attach(child.pid, child.rows);
      child.blindMs = sinceMs(event.atNs);
      await child.refresh();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.missedChildren++;
      this.#gone(child);
    }
  }

  async #executed(event: Event, old: TracedImage): Promise<void> {
    old.state = 'replaced-by-exec';
    const image = this.#begin(event.otherImage, event.pid, event.command, null);
    // Another thread than the leader took the process over: the links went with the leader.
    if (event.otherPid === event.pid) {
      image.links = old.links;
      image.rows = [...old.rows];
      for (const object of old.objects) image.objects.add(object);
    } else await this.#heap.object.detach(old.links);
    old.links = [];
    await image.refresh();
    await this.#attachSafely(image, event.atNs);
  }

  async #attachSafely(image: TracedImage, sinceNs: number): Promise<void> {
    try {
      if (await this.#attachNew(image)) image.blindMs = sinceMs(sinceNs);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      await this.checkAlive();
    }
  }

  /** Notices who has exited. */
  async checkAlive(): Promise<void> {
    await Promise.all(
      [...this.#current.values()].map(async (image) => {
        if (await hasExited(image.pid)) this.#gone(image);
      }),
    );
  }

  #gone(image: TracedImage): void {
    if (image.state === 'running') image.state = 'exited';
    if (this.#current.get(image.pid) === image) {
      this.#current.delete(image.pid);
      this.#heap.removeProcess(image.pid);
    }
    const links = image.links;
    image.links = [];
    void this.#heap.object.detach(links);
  }

  mapped(event: Event, bornAt: Milliseconds): void {
    const mappings = this.images.get(event.image)?.mappings;
    if (mappings === undefined) return;
    const facts = {
      stackHash: event.stack,
      bornAt,
      protection: event.protection,
      flags: event.flags,
    };
    if (event.kind === 'map') mappings.map(event.address, event.size, facts);
    else if (event.kind === 'unmap') mappings.unmap(event.address, event.size);
    else mappings.remap(event.oldAddress, event.oldSize, event.address, event.size);
  }

  async detach(): Promise<void> {
    const links = [...this.#current.values()].flatMap((image) => image.links);
    await this.#heap.object.detach(links);
  }

  /** Closes every file that is held open. */
  release(): void {
    for (const plan of this.#plans) closePlan(plan);
    for (const image of this.images.values()) image.symbols.close();
    this.#modules.close();
  }
}

const sinceMs = (ns: number): Milliseconds => milliseconds(Math.max(0, (monotonicNs() - ns) / 1e6));

function noProbes(plan: ProbePlan, options: PlanOptions): Failure {
  if (options.object !== undefined) {
    const because = isObjectMissing(plan, options) ? 'not-mapped' : 'no-functions';
    return new Failure('object-unfit', { object: options.object, pid: plan.pid, because });
  }
  return new Failure('no-allocator', {
    pid: plan.pid,
    looked: plan.passedOver.map(({ path, reason }) => `${path}: ${reason}`),
    runtime: plan.runtimes[0]?.name ?? null,
  });
}
