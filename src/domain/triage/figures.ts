import { binaryText, bytesText, countText, durationText } from '../unit-text.ts';
import { bytes, milliseconds } from '../units.ts';
import type { Figure } from './verdict.ts';

/** A rate as it is read: by the minute where it is slow. */
export function rateWords(bytesPerSecond: number): string {
  const perMinute = bytesPerSecond * 60;
  return Math.abs(perMinute) < 2 ** 30
    ? `${binaryText(bytes(perMinute))}/min`
    : `${binaryText(bytes(bytesPerSecond))}/s`;
}

export const sizeWords = (size: number): string => binaryText(bytes(size));

export const timeWords = (ms: number): string => durationText(milliseconds(ms));

/** A whole percentage; never 0% or 100% unless it is exactly that. */
export function shareWords(share: number): string {
  if (share <= 0 || share >= 1) return `${Math.round(share * 100)}%`;
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))}%`;
}

export const sizeFigure = (name: string, value: number): Figure => ({
  name,
  value: Math.round(value),
  unit: 'bytes',
  text: bytesText(bytes(value)),
});

export const growthFigure = (name: string, bytesPerSecond: number): Figure => ({
  name,
  value: Math.round(bytesPerSecond),
  unit: 'bytes/s',
  text: `${bytesPerSecond > 0 ? '+' : ''}${rateWords(bytesPerSecond)}`,
});

export const pagesFigure = (name: string, pagesPerSecond: number): Figure => ({
  name,
  value: Math.round(pagesPerSecond),
  unit: 'pages/s',
  text: `${countText(Math.round(pagesPerSecond))} pages/s`,
});

export const eventsFigure = (name: string, perSecond: number): Figure => ({
  name,
  value: Math.round(perSecond * 10) / 10,
  unit: 'events/s',
  text: `${perSecond < 10 ? perSecond.toFixed(1) : countText(Math.round(perSecond))}/s`,
});

export const countFigure = (name: string, count: number): Figure => ({
  name,
  value: count,
  unit: 'count',
  text: countText(count),
});

/** `share`: 0 to 1. */
export const shareFigure = (name: string, share: number): Figure => ({
  name,
  value: Math.round(share * 1000) / 10,
  unit: 'percent',
  text: shareWords(share),
});

/** `percent`: 0 to 100, as pressure files have it. */
export const pressureFigure = (name: string, percent: number): Figure => ({
  name,
  value: percent,
  unit: 'percent',
  text: `${percent}%`,
});

export const timeFigure = (name: string, ms: number): Figure => ({
  name,
  value: Math.round(ms),
  unit: 'ms',
  text: timeWords(ms),
});
