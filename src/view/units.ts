import { bytes, type Bytes, type BytesPerSecond, type Milliseconds } from '../domain/units.ts';

const steps = ['', 'K', 'M', 'G', 'T', 'P'] as const;

/** Three significant figures in steps of 1024, as htop has them: 8.00K, 38.4M, 1.61G; whole below 1024. */
export function bytesText(size: Bytes): string {
  const sign = size < 0 ? '-' : '';
  let value = Math.abs(size);
  let step = 0;
  while (value >= 999.5 && step < steps.length - 1) {
    if (step === 0 && value < 1024) break;
    value /= 1024;
    step++;
  }
  if (step === 0) return `${sign}${Math.round(value)}`;
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${sign}${value.toFixed(digits)}${steps[step] ?? ''}`;
}

/** As `bytesText`, with its unit: 812 MiB, 2.10 GiB, 12 B. */
export function binaryText(size: Bytes): string {
  const text = bytesText(size);
  const unit = /[A-Z]$/.exec(text)?.[0] ?? '';
  return unit === '' ? `${text} B` : `${text.slice(0, -1)} ${unit}iB`;
}

export function rateText(rate: BytesPerSecond | null): string {
  if (rate === null) return '-';
  if (Math.abs(rate) < 0.5) return '0/s';
  return `${rate > 0 ? '+' : ''}${bytesText(bytes(rate))}/s`;
}

/** 950µs, 12ms, 2.1s, 3m12s, 2h05m, 4d03h, 120d. */
export function durationText(time: Milliseconds): string {
  if (time < 0.9995) return `${Math.round(time * 1000)}µs`;
  if (time < 999.5) return `${time < 9.95 ? time.toFixed(1) : Math.round(time)}ms`;
  const seconds = time / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`;
  if (seconds < 59.5) return `${Math.round(seconds)}s`;
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}m${two(whole % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h${two(minutes % 60)}m`;
  const days = Math.floor(minutes / 1440);
  return days < 100 ? `${days}d${two(Math.floor((minutes % 1440) / 60))}h` : `${days}d`;
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

/** 1,240 */
export const countText = (count: number): string =>
  String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');

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
