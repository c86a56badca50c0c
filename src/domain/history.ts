import {
  bytes,
  bytesPerSecond,
  type Bytes,
  type BytesPerSecond,
  type Milliseconds,
} from './units.ts';

/** Live bytes of one row at one report. */
interface Point {
  readonly at: Milliseconds;
  readonly live: Bytes;
}

const mostPoints = 60;

/** What the latest reports of a session said of each row: for growth and for sparklines. */
export class History {
  #points = new Map<string, Point[]>();
  #before: Milliseconds | null = null;
  #latest: Milliseconds | null = null;

  /** Notes a report; rows that it does not have are forgotten. */
  add(rows: Iterable<{ readonly key: string; readonly live: Bytes }>, at: Milliseconds): void {
    // The last report of a session may repeat the one before.
    if (at !== this.#latest) this.#before = this.#latest;
    this.#latest = at;
    const known = this.#points;
    this.#points = new Map();
    for (const { key, live } of rows) {
      const points = known.get(key) ?? this.#beginning();
      if (points.at(-1)?.at === at) points.pop();
      points.push({ at, live });
      if (points.length > mostPoints) points.shift();
      this.#points.set(key, points);
    }
  }

  // A row that is new held nothing at the report before.
  #beginning(): Point[] {
    return this.#before === null ? [] : [{ at: this.#before, live: bytes(0) }];
  }

  /** Mean growth since the oldest point that is kept; null before there are two. */
  growth(key: string): BytesPerSecond | null {
    const points = this.#points.get(key) ?? [];
    const first = points[0];
    const last = points.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at) return null;
    return bytesPerSecond(((last.live - first.live) / (last.at - first.at)) * 1000);
  }

  /** Live bytes, oldest first. */
  series(key: string): readonly Bytes[] {
    return (this.#points.get(key) ?? []).map(({ live }) => live);
  }
}
