const blocks = '▁▂▃▄▅▆▇█';
const ascii = '.,-=+*#@';

/** The values as one character each, scaled to their own range from 0; the latest `width` of them. */
export function sparkline(values: readonly number[], width: number, unicode: boolean): string {
  const ramp = unicode ? blocks : ascii;
  const shown = values.slice(-width);
  const most = Math.max(...shown, 1);
  return shown
    .map(
      (value) => ramp[Math.min(ramp.length - 1, Math.floor((value / most) * ramp.length))] ?? ' ',
    )
    .join('')
    .padStart(width);
}
