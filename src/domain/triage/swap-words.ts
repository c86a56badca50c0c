import { pagesFigure, pressureFigure, sizeFigure, sizeWords } from './figures.ts';
import type { TriageHistory } from './history.ts';
import type { Swapping } from './swapping.ts';
import type { Figure } from './verdict.ts';

/** `, most of api[7] (1.20 GiB)`; nothing where no process is known to be swapped. */
export function swappedWords({ swapped }: Pick<Swapping, 'swapped'>): string {
  const [most] = swapped;
  return most === undefined
    ? ''
    : `, most of ${most.command}[${most.pid}] (${sizeWords(most.detail?.swap ?? 0)})`;
}

export function rateFigures(
  { latest }: TriageHistory,
  { out, in: back, used }: Swapping,
): readonly Figure[] {
  const { memory } = latest.pressure;
  const compressed = latest.zram.reduce((sum, { memoryUsed }) => sum + memoryUsed, 0);
  return [
    pagesFigure('swap-out', out),
    pagesFigure('swap-in', back),
    sizeFigure('swap used', used),
    ...(compressed > 0 ? [sizeFigure('memory that zram takes', compressed)] : []),
    ...(memory === null
      ? []
      : [pressureFigure('tasks waited for memory (10 s)', memory.some.avg10)]),
  ];
}
