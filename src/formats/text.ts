import type { LeakReport } from '../domain/leak-report.ts';
import type { LiveBlock } from '../domain/live-blocks.ts';
import type { ReportRow } from '../domain/report-row.ts';
import type { Frame, Stack } from '../domain/stack.ts';
import { endText, frameText, hiddenText, lineText } from '../view/frame-text.ts';
import { printable } from '../view/printable.ts';
import { clockText, durationText, rateText } from '../view/units.ts';
import type { Format, Shown } from './format.ts';
import { remarks } from './text-remarks.ts';

/** memleak's lines; what is ours stands behind ` # ` or on lines that begin with `#`. */
export const text: Format = {
  perProcess: false,

  opening({ target }) {
    switch (target.kind) {
      case 'processes':
        return `Attaching to pid ${target.pids.join(', ')}, Ctrl+C to quit.\n`;
      case 'command':
        return `Executing '${printable(target.argv.join(' '))}' and tracing the resulting process.\n`;
      case 'kernel':
        return 'Attaching to kernel allocators, Ctrl+C to quit.\n';
    }
  },

  report(report, stacks, shown) {
    const lines = [
      `[${clockText(report.snapshot.takenAt)}] Top ${report.rows.length} stacks with outstanding allocations:`,
      ...report.rows.flatMap((row) =>
        rowLines(row, stacks.get(row.stack.id) ?? row.stack, shown, report),
      ),
      ...remarks(report).map(remarkLine),
    ];
    return lines.map((line) => `${printable(line, 'keep-tabs')}\n`).join('');
  },

  event({ at, what, size, address, pid, tid, command, stack }, startedAt) {
    const frames = stack === null ? '' : ` ${stack.frames.map(frameText).join(' < ')}`;
    const amount = what === 'free' && size === 0 ? '' : ` ${size} bytes`;
    const who = `pid ${pid} tid ${tid} (${command})`;
    const when = clockText(startedAt + at, true);
    const line = `[${when}] ${what}${amount} at 0x${address.toString(16)} ${who}${frames}`;
    return `${printable(line)}\n`;
  },
};

/** Scripts take the last line that says 'byte' for a stack's, and its first word for a number. */
const remarkLine = (remark: string): string => `# ${remark.replace(/\bbytes\b/g, 'B')}`;

function rowLines(row: ReportRow, stack: Stack, shown: Shown, report: LeakReport): string[] {
  const { live } = row;
  return [
    `\t${live.bytes} bytes in ${live.blocks} allocations from stack # ${evidence(row, report)}`,
    ...(shown.blocks ? (report.blocks?.list(row.sites) ?? []).map(blockLine) : []),
    ...stack.frames.map(frameLine),
    ...[hiddenText(stack), endText(stack)]
      .filter((note) => note !== '')
      .map((note) => `\t\t# ${note}`),
  ];
}

const blockLine = ({ address, size }: LiveBlock): string =>
  `\t\taddr = 0x${address.toString(16)} size = ${size}`;

function frameLine(frame: Frame): string {
  const line = lineText(frame);
  const place = line === '' ? '' : ` # ${line}${frame.inlined === true ? ' (inlined)' : ''}`;
  return `\t\t${frameText(frame)}${place}`;
}

/** The evidence of a row in words. */
function evidence(row: ReportRow, { snapshot }: LeakReport): string {
  const { growth, oldest, freed, allocated, medianLifetime, pids, kind } = row;
  const known = new Set(snapshot.images.map((image) => image.pid)).size;
  return [
    ...(kind === 'heap' ? [] : [kind]),
    ...(growth === null ? [] : [rateText(growth)]),
    `freed ${freed.blocks} of ${allocated.blocks}`,
    ...(oldest === null ? [] : [`oldest ${oldest.exact ? '' : '≤ '}${durationText(oldest.age)}`]),
    `median lifetime ${medianLifetime === null ? '-' : durationText(medianLifetime)}`,
    ...(known > 1 ? [pids.length === 1 ? `pid ${pids[0]}` : `${pids.length} processes`] : []),
  ].join(', ');
}
