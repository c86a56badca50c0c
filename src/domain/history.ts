import { bytesPerSecond, type Bytes, type BytesPerSecond, type Milliseconds } from './units.ts';

/** Live bytes of one row at one report. */
interface Point {
  readonly at: Milliseconds;
  readonly live: Bytes;
}

const mostPoints = 60;

/** What earlier reports of a session said of each row: for growth and for sparklines. */
export class History {
  readonly #points = new Map<string, Point[]>();

  add(rows: Iterable<{ readonly key: string; readonly live: Bytes }>, at: Milliseconds): void {
    for (const { key, live } of rows) {
      const points = this.#points.get(key) ?? [];
      // The last report of a session may repeat the one before.
      if (points.at(-1)?.at === at) points.pop();
      points.push({ at, live });
      if (points.length > mostPoints) points.shift();
      this.#points.set(key, points);
    }
  }

  /** Growth since the oldest point that is kept; null before there are two. */
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
