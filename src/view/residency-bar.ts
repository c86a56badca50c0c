import type { FileResidency } from '../domain/file-residency.ts';

const blocks = ' ▁▂▃▄▅▆▇█';
const ascii = '.:-=+*%#@';

/**
 * Where in the file its resident pages are: one character for each part, empty only where nothing is resident and full only where all
 * is. `width` at most as many as the file was divided into.
 */
export function residencyBar(
  { pages, cached, cells }: Pick<FileResidency, 'pages' | 'cached' | 'cells'>,
  width: number,
  unicode: boolean,
): string {
  const ramp = unicode ? blocks : ascii;
  const full = ramp.length - 1;
  if (pages === 0) return '';
  if (cells === null) return (cached === 0 ? ramp[0] : ramp[full])?.repeat(width) ?? '';
  const parts = cells.length;
  return Array.from({ length: width }, (_, index) => {
    const at = Math.floor((index * parts) / width);
    const size = Math.floor((pages * (at + 1)) / parts) - Math.floor((pages * at) / parts);
    const share = (cells[at] ?? 0) / size;
    if (share === 0 || share === 1) return ramp[share * full] ?? ' ';
    return ramp[Math.min(full - 1, Math.max(1, Math.round(share * full)))] ?? ' ';
  }).join('');
}
