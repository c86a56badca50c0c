import type { LeakSnapshot, Site } from '../../src/domain/leak-snapshot.ts';
import type { Loss } from '../../src/domain/losses.ts';
import type { Frame, Stack } from '../../src/domain/stack.ts';
import { bytes, milliseconds } from '../../src/domain/units.ts';
import type { LeakSource, TraceEvent } from '../../src/sources/source.ts';

/** One call stack of a synthetic heap: what it has allocated and freed after `step` steps. */
export interface SyntheticSite {
  /** Functions, innermost first; `null` is a frame without a name. */
  readonly calls: readonly (string | null)[];
  readonly blockSize: number;
  readonly allocated: (step: number) => number;
  readonly freed: (step: number) => number;
}

const stepMs = 1000;

/** A heap that follows a script: one step at each snapshot, no kernel, always the same. */
export class SyntheticSource implements LeakSource {
  readonly ended: Promise<void> = new Promise(() => {});
  readonly #sites: readonly SyntheticSite[];
  readonly #losses: readonly Loss[];
  readonly #stacks: ReadonlyMap<string, Stack>;
  #step = 0;

  constructor(sites: readonly SyntheticSite[], losses: readonly Loss[] = []) {
    this.#sites = sites;
    this.#losses = losses;
    this.#stacks = new Map(sites.map(({ calls }, i) => [stackId(i), stackOf(calls, i)]));
  }

  async snapshot(): Promise<LeakSnapshot> {
    this.#step++;
    return this.#read();
  }

  #read(): LeakSnapshot {
    const step = this.#step;
    return {
      takenAt: Date.UTC(2026, 0, 1, 12) + step * stepMs,
      elapsed: milliseconds(step * stepMs),
      mode: 'user',
      images: [
        {
          id: 1,
          pid: 4121,
          command: 'synthetic',
          parent: 0,
          state: 'running',
          blindMs: milliseconds(0),
        },
      ],
      sites: this.#sites.map((site, i) => siteOf(site, i, step)),
      stacks: this.#stacks,
      mappings: [],
      losses: this.#losses,
      unknownFrees: 0,
      probes: [
        {
          symbol: 'malloc',
          shape: 'size',
          delta: 0,
          allocator: 'glibc',
          path: '/usr/lib/libc.so.6',
          link: 'session',
          hits: 1000 * step,
          emulated: true,
        },
      ],
      costNs: 2e6 * step,
      kernelMemory: bytes(36 << 20),
      notices: [],
    };
  }

  async withLines(stack: Stack): Promise<Stack> {
    const frames = stack.frames.map((frame, i) =>
      frame.symbol === null ? frame : { ...frame, file: 'src/app.c', line: 10 * (i + 1) },
    );
    return { ...stack, frames };
  }

  async trace(): Promise<readonly TraceEvent[]> {
    return [];
  }

  async close(): Promise<LeakSnapshot> {
    return { ...this.#read(), ended: 'stopped' };
  }

  release(): void {}
}

const stackId = (index: number): string => `${index.toString(16).padStart(16, '0')}.1`;

const stackOf = (calls: readonly (string | null)[], index: number): Stack => ({
  id: stackId(index),
  end: 'root',
  frames: calls.map((symbol, i): Frame => {
    const address = BigInt(0x40_0000 + index * 0x1000 + i * 0x40);
    return { address, symbol, offset: 0x10 + i, module: symbol === null ? null : 'app' };
  }),
});

function siteOf(site: SyntheticSite, index: number, step: number): Site {
  const allocatedBlocks = site.allocated(step);
  const freedBlocks = Math.min(allocatedBlocks, site.freed(step));
  return {
    stackId: stackId(index),
    image: 1,
    kind: 'heap',
    allocatedBytes: bytes(allocatedBlocks * site.blockSize),
    allocatedBlocks,
    freedBytes: bytes(freedBlocks * site.blockSize),
    freedBlocks,
    firstAt: milliseconds(index),
    latestAt: milliseconds(step * stepMs),
    lifetimes: [0, 0, 0, freedBlocks],
  };
}
