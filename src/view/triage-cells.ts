import { bytes } from '../domain/units.ts';
import { bytesText, compactCountText } from './units.ts';

/** A size; a dash where it is not known. */
export const sizeCell = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : bytesText(bytes(value));

/** Bytes a minute with their sign; a dash where not known, 0 for what is less than a page. */
export function growthText(bytesPerSecond: number | null): string {
  if (bytesPerSecond === null) return '-';
  const perMinute = bytesPerSecond * 60;
  if (Math.abs(perMinute) < 4096) return '0';
  return `${perMinute > 0 ? '+' : ''}${bytesText(bytes(perMinute))}`;
}

/** A rate; a dash where it is not known. */
export const rateCell = (value: number | null): string =>
  value === null ? '-' : compactCountText(Math.round(value), 7);
