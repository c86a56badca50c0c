import type { PlanRow } from '../../allocators/allocator.ts';
import type { Image } from '../../domain/leak-snapshot.ts';
import { MappingTable } from '../../domain/mapping-table.ts';
import { endOfStack } from '../../domain/stack-end.ts';
import type { Stack } from '../../domain/stack.ts';
import { milliseconds, type Milliseconds } from '../../domain/units.ts';
import type { ProcessSymbols } from '../../symbols/process-symbols.ts';
import { readMaps } from '../../system/maps.ts';
import { lostStack, type RawStacks } from './stacks.ts';

/** What is kept of a mapping beside its range. */
export interface MappingFacts {
  readonly stackHash: bigint;
  readonly bornAt: Milliseconds;
  readonly protection: number;
  readonly flags: number;
}

/** One executable image of a traced process: its names, its mappings, and the probes that it was given. */
export class TracedImage {
  readonly id: number;
  readonly pid: number;
  readonly symbols: ProcessSymbols;
  readonly mappings = new MappingTable<MappingFacts>();
  readonly parent: TracedImage | null;
  command: string;
  state: Image['state'] = 'running';
  blindMs: Milliseconds = milliseconds(0);
  rows: PlanRow[] = [];
  links: number[] = [];
  /** Identities of the objects that were looked at for it. */
  readonly objects = new Set<string>();
  readonly #stacks = new Map<bigint, Stack>();

  constructor(facts: {
    readonly id: number;
    readonly pid: number;
    readonly command: string;
    readonly symbols: ProcessSymbols;
    readonly parent: TracedImage | null;
  }) {
    this.id = facts.id;
    this.pid = facts.pid;
    this.command = facts.command;
    this.symbols = facts.symbols;
    this.parent = facts.parent;
  }

  facts(): Image {
    const { id, pid, command, state, blindMs } = this;
    return { id, pid, command, parent: this.parent?.id ?? 0, state, blindMs };
  }

  /** Reads the mappings again; what was there before stays known. Nothing happens if the process is gone. */
  async refresh(): Promise<void> {
    try {
      this.symbols.update(await readMaps(this.pid));
    } catch (error) {
      if (this.state === 'running' && !isGone(error)) throw error;
    }
  }

  /** The stack with names, and an id of its own in this image. */
  stack(hash: bigint, raw: RawStacks): Stack {
    const known = this.#stacks.get(hash);
    if (known !== undefined) return known;
    const addresses = hash === 0n ? null : raw.get(hash);
    if (addresses === null) return lostStack;
    const named = endOfStack({
      id: `${hash.toString(16).padStart(16, '0')}.${this.id}`,
      frames: this.symbols.resolve(addresses.addresses, false),
      end: addresses.end,
    });
    this.#stacks.set(hash, named);
    return named;
  }

  /** Whether a stack has a frame in no known module: the mappings are then older than the stack. */
  isUnresolved(hash: bigint, raw: RawStacks): boolean {
    if (hash === 0n || this.#stacks.has(hash)) return false;
    const stack = raw.get(hash);
    return stack !== null && !stack.addresses.every((address) => this.symbols.covers(address - 1n));
  }
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
