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
  /** The largest single step up, and the deepest fall below an earlier value: in the unit of the values, 0 or more. */
  readonly largestStep: number;
  readonly deepestFall: number;
  /** Change in the second half of the points over that in the first; Infinity where nothing changed in the first. */
  readonly pace: number;
  readonly points: number;
  /** From the first point to the last, milliseconds. */
  readonly span: number;
}

/** null: fewer than two points in time. */
export function trendOf(points: readonly Point[]): Trend | null {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || last.at <= first.at) return null;
  const steps = points.slice(1).map(({ value }, i) => value - (points[i]?.value ?? value));
  const middle = points[points.length >> 1]?.value ?? first.value;
  return {
    slope: median(slopesOf(points)),
    change: last.value - first.value,
    rising: steps.filter((step) => step > 0).length / steps.length,
    largestStep: Math.max(0, ...steps),
    deepestFall: deepestFall(points),
    pace: middle === first.value ? Infinity : (last.value - middle) / (middle - first.value),
    points: points.length,
    span: last.at - first.at,
  };
}

/** Whether it goes up for the whole time: a single jump, a saw-tooth and what slows down do not. */
export const isSteady = ({ change, rising, largestStep, deepestFall, pace }: Trend): boolean =>
  change > 0 &&
  rising >= 0.5 &&
  largestStep <= change * 0.5 &&
  deepestFall <= change * 0.1 &&
  pace >= 0.4;

/** Between all pairs of points, per second. */
function slopesOf(points: readonly Point[]): number[] {
  const slopes: number[] = [];
  points.forEach((point, i) => {
    for (let j = i + 1; j < points.length; j++) {
      const later = points[j];
      if (later !== undefined && later.at > point.at)
        slopes.push(((later.value - point.value) / (later.at - point.at)) * 1000);
    }
  });
  return slopes;
}

function deepestFall(points: readonly Point[]): number {
  let highest = -Infinity;
  let deepest = 0;
  for (const { value } of points) {
    highest = Math.max(highest, value);
    deepest = Math.max(deepest, highest - value);
  }
  return deepest;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
