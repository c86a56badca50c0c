import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Column } from './matrix.ts';
import type { Cell } from './results.ts';
import type { TypesRow } from './types/check.ts';
import { typesSection } from './types/table.ts';

const file = path.resolve(import.meta.dirname, '../../docs/kernels.md');

const shown = ({ passed, failed, gap }: Cell): string =>
  gap !== null ? '–' : failed.length > 0 ? `**${failed.length} failed**` : `exact (${passed})`;

/** docs/kernels.md: what was proved on which kernel. */
export function pageOf(columns: readonly Column[], notBooted: readonly TypesRow[]): string {
  const titles = [...new Set(columns.flatMap(({ cells }) => cells.map(({ part }) => part.title)))];
  const head = columns.map(({ kernel, release }) => `${kernel.name} (${release})`);
  const rows = titles.map((title) => {
    const cells = columns.map(({ cells: own }) => own.find(({ part }) => part.title === title));
    return `| ${title} | ${cells.map((cell) => (cell ? shown(cell) : 'not run')).join(' | ')} |`;
  });
  const gaps = columns.flatMap(({ kernel }) =>
    Object.entries(kernel.lacks).map(([what, why]) => `| ${kernel.name} | ${what} | ${why} |`),
  );
  return `# Kernels

Written by \`scripts/test-kernels --write\`: each kernel is booted in a virtual machine, and the tests run there. *exact (N)*: all of N tests passed, which compare
figures with a truth that is known in advance, to the byte or the page; *not run*: not in this run. –: the kernel cannot, for the reason below; that it really does not is tested, too.

| | ${head.join(' | ')} |
| --- |${' --- |'.repeat(columns.length)}
${rows.join('\n')}

${typesSection(notBooted)}## What a kernel lacks

| kernel | what | why |
| --- | --- | --- |
${gaps.join('\n')}

What each way to watch the page cache cannot see on a kernel is said by \`memtrace cache\` in its header, and by \`memtrace doctor\`. How many instructions the verifier goes through for
each program on each kernel is in [verifier.json](verifier.json); a million is its limit.
`;
}

export const writePage = (
  columns: readonly Column[],
  notBooted: readonly TypesRow[],
): Promise<void> => writeFile(file, pageOf(columns, notBooted));
