const blocks = '▁▂▃▄▅▆▇█';
const ascii = '.,-=+*#@';

/** The values as one character each, scaled from 0 to the highest, at least 1; the latest `width` of them. null: a blank. */
export function sparkline(
  values: readonly (number | null)[],
  width: number,
  unicode: boolean,
): string {
  const ramp = unicode ? blocks : ascii;
  const shown = values.slice(-width);
  const most = Math.max(...shown.map((value) => value ?? 0), 1);
  return shown
    .map((value) =>
      value === null
        ? ' '
        : (ramp[Math.min(ramp.length - 1, Math.floor((value / most) * ramp.length))] ?? ' '),
    )
    .join('')
    .padStart(width);
}
