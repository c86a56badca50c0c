import { bytesText, countText } from '../domain/unit-text.ts';
import { bytes, type BytesPerSecond } from '../domain/units.ts';

export { binaryText, bytesText, countText, durationText } from '../domain/unit-text.ts';

export function rateText(rate: BytesPerSecond | null): string {
  if (rate === null) return '-';
  if (Math.abs(rate) < 0.5) return '0/s';
  return `${rate > 0 ? '+' : ''}${bytesText(bytes(rate))}/s`;
}

/** 0 to 1 as a percentage; never 100% or 0% unless it is exactly that. */
export function shareText(share: number): string {
  if (share === 0 || share === 1) return `${share * 100}%`;
  return `${Math.min(99.9, Math.max(0.1, share * 100)).toFixed(1)}%`;
}

/** 0 to 1 as a percentage with two decimals; never 100.00% or 0.00% unless it is exactly that. */
export function percentText(share: number): string {
  const percent = share * 100;
  const shown = share === 0 || share === 1 ? percent : Math.min(99.99, Math.max(0.01, percent));
  return `${shown.toFixed(2)}%`;
}

/** As `countText` while that has at most `width` characters; else 12.3M, in steps of 1000. */
export function compactCountText(count: number, width: number): string {
  const whole = countText(count);
  if (whole.length <= width) return whole;
  // Made when it is needed: that takes milliseconds.
  compact ??= new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
  return compact.format(count);
}

let compact: Intl.NumberFormat | undefined;

/** HH:MM:SS of the local clock; `precise` adds milliseconds. */
export function clockText(epochMs: number, precise = false): string {
  const time = new Date(epochMs);
  const two = (n: number) => String(n).padStart(2, '0');
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  return precise ? `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}` : clock;
}
