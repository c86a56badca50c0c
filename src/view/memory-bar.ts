import type { TriageReport } from '../domain/triage/report.ts';

const unicodeFills = ['█', '▒', '░'];
const asciiFills = ['#', ':', '.'];

/** `[███▒▒▒   ]`: the parts of a whole, one behind the other, each with a fill of its own; something is never drawn as nothing. */
export function bar(
  parts: readonly number[],
  whole: number,
  width: number,
  unicode: boolean,
): string {
  const fills = unicode ? unicodeFills : asciiFills;
  const room = width - 2;
  let drawn = '';
  let sum = 0;
  parts.forEach((part, i) => {
    sum += Math.max(0, part);
    const end = whole <= 0 ? 0 : Math.min(room, Math.round((sum / whole) * room));
    const least = part > 0 ? drawn.length + 1 : drawn.length;
    drawn = drawn.padEnd(Math.min(room, Math.max(end, least)), fills[i] ?? '');
  });
  return `[${drawn.padEnd(room)}]`;
}

/** Of processes and the kernel, then what only caches; the rest is free. */
export function memoryBar({ free }: TriageReport, width: number, unicode: boolean): string {
  if (free === null) return '';
  return bar([free.total - free.free - free.buffCache, free.buffCache], free.total, width, unicode);
}

export function swapBar({ latest }: TriageReport, width: number, unicode: boolean): string {
  if (latest.memory === null) return '';
  const { swapTotal, swapFree } = latest.memory;
  return bar([swapTotal - swapFree], swapTotal, width, unicode);
}
