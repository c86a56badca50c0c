import { milliseconds, type Milliseconds } from '../units.ts';
import type { CounterName } from './counters.ts';
import type { ProcessUse } from './process-use.ts';
import { type Point, type Trend, trendOf } from './slope.ts';
import type { TriageSnapshot } from './snapshot.ts';

const mostSnapshots = 60;

/** The latest snapshots of a session, and what moved between them. At least one snapshot before anything is asked. */
export class TriageHistory {
  readonly #snapshots: TriageSnapshot[] = [];
  readonly #most: number;
  /** The snapshot in which each process was met. */
  #met: ReadonlyMap<string, TriageSnapshot> = new Map();

  /** `most`: snapshots that are kept, the window. */
  constructor(most = mostSnapshots) {
    this.#most = Math.max(2, most);
  }

  add(snapshot: TriageSnapshot): void {
    // The last one of a session may repeat the one before.
    if (this.#snapshots.at(-1)?.elapsed === snapshot.elapsed) this.#snapshots.pop();
    this.#snapshots.push(snapshot);
    if (this.#snapshots.length > this.#most) this.#snapshots.shift();
    const met = this.#met;
    this.#met = new Map(snapshot.processes.map((each) => [each.id, met.get(each.id) ?? snapshot]));
  }

  /** Where a process was first seen within the window, and as what; null where it is not in the latest snapshot. */
  beginning(id: string): { readonly at: Milliseconds; readonly process: ProcessUse } | null {
    const met = this.#met.get(id);
    if (met === undefined) return null;
    const from = met.elapsed > this.first.elapsed ? met : this.first;
    const process = this.#process(from, id);
    return process === undefined ? null : { at: from.elapsed, process };
  }

  /** Oldest first. */
  get snapshots(): readonly TriageSnapshot[] {
    return this.#snapshots;
  }

  get first(): TriageSnapshot {
    return required(this.#snapshots[0]);
  }

  get latest(): TriageSnapshot {
    return required(this.#snapshots.at(-1));
  }

  /** From the first snapshot to the latest: 0 while there is only one. */
  get span(): Milliseconds {
    return milliseconds(this.latest.elapsed - this.first.elapsed);
  }

  /** How much a counter rose within the window; null where it is not counted, 0 while there is one snapshot. */
  counted(name: CounterName): number | null {
    const before = this.first.counters[name];
    const now = this.latest.counters[name];
    return before === null || now === null ? null : Math.max(0, now - before);
  }

  /** The same per second; null also before there are two snapshots. */
  rate(name: CounterName): number | null {
    const counted = this.counted(name);
    return counted === null || this.span === 0 ? null : (counted / this.span) * 1000;
  }

  /** A counter's rate in each step, oldest first: for sparklines. null: not known. */
  rates(name: CounterName): readonly (number | null)[] {
    return this.#snapshots.slice(1).map((now, i) => {
      const before = this.#snapshots[i];
      const [from, to] = [before?.counters[name] ?? null, now.counters[name]];
      if (before === undefined || from === null || to === null) return null;
      return (Math.max(0, to - from) / Math.max(1, now.elapsed - before.elapsed)) * 1000;
    });
  }

  /** The points of a figure: snapshots in which it is null have none. */
  points(figure: (snapshot: TriageSnapshot) => number | null | undefined): readonly Point[] {
    return this.#snapshots.flatMap((snapshot) => {
      const value = figure(snapshot);
      return value === null || value === undefined ? [] : [{ at: snapshot.elapsed, value }];
    });
  }

  /** How a figure moves; null before there are two points. */
  trend(figure: (snapshot: TriageSnapshot) => number | null | undefined): Trend | null {
    return trendOf(this.points(figure));
  }

  /** How a figure of one process moves over the snapshots that have read it. */
  processTrend(id: string, figure: (process: ProcessUse) => number | null): Trend | null {
    return trendOf(this.#readPoints(id, figure));
  }

  /** Without the snapshots for which it was not read anew: they would be steps in which nothing moved. */
  #readPoints(id: string, figure: (process: ProcessUse) => number | null): readonly Point[] {
    let last: ProcessUse | undefined;
    return this.points((snapshot) => {
      const process = this.#process(snapshot, id);
      if (process === undefined || process === last) return null;
      last = process;
      return figure(process);
    });
  }

  processPoints(id: string, figure: (process: ProcessUse) => number | null): readonly Point[] {
    return this.points((snapshot) => {
      const process = this.#process(snapshot, id);
      return process === undefined ? null : figure(process);
    });
  }

  readonly #byId = new WeakMap<TriageSnapshot, ReadonlyMap<string, ProcessUse>>();

  #process(snapshot: TriageSnapshot, id: string): ProcessUse | undefined {
    let known = this.#byId.get(snapshot);
    if (known === undefined) {
      known = new Map(snapshot.processes.map((each) => [each.id, each]));
      this.#byId.set(snapshot, known);
    }
    return known.get(id);
  }
}

function required(snapshot: TriageSnapshot | undefined): TriageSnapshot {
  if (snapshot === undefined) throw new Error('a history without a snapshot');
  return snapshot;
}
