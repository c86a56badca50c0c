import { basename } from 'node:path';

import type { LeakSnapshot } from '../../domain/leak-snapshot.ts';
import type { Stack } from '../../domain/stack.ts';
import { chooseLink } from './calibration.ts';
import { measurePrograms } from './program-cost.ts';
import { WaitingCommand } from './command.ts';
import type { Event } from './events.ts';
import { HeapObject } from './heap-object.ts';
import { planCommand } from './plan-command.ts';
import { checkTarget } from './preflight.ts';
import { requirePrivileges } from './privileges.ts';
import { ProcessTracker } from './process-tracker.ts';
import type { LeakSessionRequest } from './request.ts';
import { type CallCost, SnapshotReader } from './snapshot.ts';
import { throwsFromBytes } from './throw-limit.ts';
import { monotonicNs } from './time.ts';
import { TraceQueue } from './trace-queue.ts';
import type { LeakSource, TraceEvent } from '../source.ts';

const pumpMs = 200;

/**
 * Attaches to processes, or starts a command and attaches before its first instruction. Everything stands when this resolves,
 * and recording has begun. Errors: Failure; nothing stays attached then.
 */
export async function openUserSession(request: LeakSessionRequest): Promise<LeakSource> {
  const { target } = request;
  if (target.kind === 'kernel') throw new Error('not a user-mode request');
  await requirePrivileges('memtrace leak');
  if (target.kind === 'processes') await Promise.all(target.pids.map((pid) => checkTarget(pid)));
  const chosen = await chooseLink(request.link);
  const pids = target.kind === 'processes' ? target.pids : [process.pid];
  const heap = await HeapObject.load(request, chosen.link, await throwsFromBytes(pids));
  const cost = { ...(await measurePrograms(heap)), steppedNs: chosen.steppedNs - chosen.entryNs };
  const session = new LeakSession(request, heap, cost);
  try {
    if (target.kind === 'processes') await session.attach(target.pids);
    else await session.start(target.argv);
    return session;
  } catch (error) {
    await session.abandon();
    throw error;
  }
}

class LeakSession implements LeakSource {
  readonly ended: Promise<void>;
  readonly #heap: HeapObject;
  readonly #tracker: ProcessTracker;
  readonly #reader: SnapshotReader;
  readonly #trace: TraceQueue;
  #command: WaitingCommand | null = null;
  #pump: Promise<void> = Promise.resolve();
  #open = true;
  #targetsGone: () => void = () => {};
  #allGone = false;
  #last: Promise<LeakSnapshot> | null = null;

  constructor(request: LeakSessionRequest, heap: HeapObject, cost: CallCost) {
    this.#heap = heap;
    this.#tracker = new ProcessTracker(heap, request);
    this.#reader = new SnapshotReader(request, heap, this.#tracker, cost);
    this.#trace = new TraceQueue((hash, image) => this.#reader.stack(hash, image));
    this.ended = new Promise((resolve) => {
      this.#targetsGone = resolve;
    });
  }

  async attach(pids: readonly number[]): Promise<void> {
    await Promise.all(pids.map((pid, i) => this.#tracker.add(pid, i + 1)));
    this.#begin();
  }

  async start(argv: readonly [string, ...string[]]): Promise<void> {
    const plan = await planCommand(argv, this.#tracker.planOptions);
    const command = WaitingCommand.start(argv);
    this.#command = command;
    await this.#tracker.addWaiting(command.pid, 1, basename(argv[0]), plan);
    this.#begin();
    await command.run();
  }

  #begin(): void {
    this.#reader.begin(monotonicNs());
    this.#heap.record(true);
    this.#pump = this.#run();
  }

  async #run(): Promise<void> {
    while (this.#open) {
      const events = await this.#heap.events(pumpMs);
      for (const event of events) await this.#handle(event);
      if (this.#open) await this.#tracker.checkAlive();
      if (!this.#tracker.targetsAlive && !this.#allGone) {
        this.#allGone = true;
        this.#targetsGone();
      }
    }
  }

  async #handle(event: Event): Promise<void> {
    if (event.kind === 'alloc' || event.kind === 'free')
      this.#trace.add(event, this.#reader.since(event.atNs));
    else if (event.kind === 'map' || event.kind === 'unmap' || event.kind === 'remap') {
      this.#tracker.mapped(event, this.#reader.since(event.atNs));
    } else await this.#tracker.changed(event);
  }

  snapshot(options: { readonly blocks?: boolean } = {}): Promise<LeakSnapshot> {
    return this.#last ?? this.#reader.read(options);
  }

  withLines(stack: Stack): Promise<Stack> {
    return this.#reader.withLines(stack);
  }

  trace(timeoutMs: number): Promise<readonly TraceEvent[]> {
    return this.#trace.take(timeoutMs);
  }

  close(options: { readonly blocks?: boolean } = {}): Promise<LeakSnapshot> {
    this.#last ??= this.#close(options);
    return this.#last;
  }

  async #close(options: { readonly blocks?: boolean }): Promise<LeakSnapshot> {
    this.#heap.record(false);
    await this.#stopPump();
    await this.#tracker.detach();
    const snapshot = await this.#reader.read(options);
    this.#command?.release();
    await this.#heap.close();
    return { ...snapshot, ended: this.#allGone ? 'target-exited' : 'stopped' };
  }

  async #stopPump(): Promise<void> {
    this.#open = false;
    this.#heap.wake();
    await this.#pump;
    // What was sent before the switch went off is still in the ring.
    for (const event of await this.#heap.events(0)) await this.#handle(event);
  }

  release(): void {
    this.#tracker.release();
  }

  /** The way out of a failed start. */
  async abandon(): Promise<void> {
    this.#command?.abandon();
    this.#open = false;
    this.#heap.wake();
    await this.#pump.catch(() => {});
    await this.#heap.close();
    this.#tracker.release();
  }
}
