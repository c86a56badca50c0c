import type { ProcessSegments } from '../../../domain/triage/process-use.ts';
import type { Milliseconds } from '../../../domain/units.ts';
import type { FileTree } from '../../../system/file-tree.ts';
import { arenasOf, parseSmaps, segmentsOf } from '../../../system/smaps.ts';

/** The kernel walks through all pages for it, and the process may have to wait to map anything meanwhile. */
const mostShareOfTime = 0.02;

/** What the memory of the processes of --pid is for. */
export class SegmentTable {
  readonly #tree: FileTree;
  readonly #pids: readonly number[];
  readonly #known = new Map<number, { readonly of: ProcessSegments; readonly tookMs: number }>();

  constructor(tree: FileTree, pids: readonly number[]) {
    this.#tree = tree;
    this.#pids = pids;
  }

  read(at: Milliseconds): readonly ProcessSegments[] {
    for (const pid of this.#pids) {
      const known = this.#known.get(pid);
      const isDue = known === undefined || at - known.of.at >= known.tookMs / mostShareOfTime;
      if (isDue) this.#read(pid, at);
    }
    return Array.from(this.#known.values(), ({ of }) => of);
  }

  #read(pid: number, at: Milliseconds): void {
    const began = performance.now();
    const text = this.#tree.text(`/proc/${pid}/smaps`, `segments of process ${pid}`);
    const tookMs = performance.now() - began;
    if (text === null) return;
    const rows = parseSmaps(text);
    this.#known.set(pid, { of: { pid, at, ...segmentsOf(rows), arenas: arenasOf(rows) }, tookMs });
  }
}
