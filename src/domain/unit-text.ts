import type { Bytes, Milliseconds } from './units.ts';

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

/** 1,240 */
export const countText = (count: number): string =>
  String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
