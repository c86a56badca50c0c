/** A value at a time: milliseconds. */
export interface Point {
  readonly at: number;
  readonly value: number;
}

/** How a series moves. */
export interface Trend {
  /** Per second: the median of the slopes between all pairs of points (Theil and Sen), which single jumps do not move. */
  readonly slope: number;
  /** Last value minus first. */
  readonly change: number;
  /** Share of the steps between neighbours that go up, 0 to 1. */
  readonly rising: number;
  readonly points: number;
  /** From the first point to the last, milliseconds. */
  readonly span: number;
}

/** null: fewer than two points in time. */
export function trendOf(points: readonly Point[]): Trend | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) return null;
  const slopes: number[] = [];
  let ups = 0;
  points.forEach((point, i) => {
    for (const later of points.slice(i + 1)) {
      if (later.at > point.at)
        slopes.push(((later.value - point.value) / (later.at - point.at)) * 1000);
    }
    const before = points[i - 1];
    if (before !== undefined && point.value > before.value) ups++;
  });
  return {
    slope: median(slopes),
    change: last.value - first.value,
    rising: ups / (points.length - 1),
    points: points.length,
    span: last.at - first.at,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
