import { milliseconds, type Milliseconds } from './units.ts';

/**
 * Median lifetime of freed blocks from their log2 histogram (bucket i: [2^i, 2^(i+1)) µs), geometric within the bucket;
 * null where none was freed.
 */
export function medianLifetime(buckets: readonly number[]): Milliseconds | null {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let below = 0;
  for (const [i, count] of buckets.entries()) {
    if (count > 0 && below + count >= total / 2) {
      const share = (total / 2 - below) / count;
      return milliseconds(2 ** (i + share) / 1000);
    }
    below += count;
  }
  return null;
}
