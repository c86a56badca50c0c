import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { kernels } from './kernels.ts';
import type { Column } from './matrix.ts';
import type { Cell } from './results.ts';
import type { TypesRow } from './types/check.ts';
import { typesSection } from './types/table.ts';

const file = path.resolve(import.meta.dirname, '../../docs/kernels.md');

/** A green run of everything. */
export interface Proof {
  readonly columns: readonly Column[];
  readonly notBooted: readonly TypesRow[];
  /** What was checked out, as `git describe` has it. */
  readonly commit: string;
}

const shown = ({ part, passed, gap }: Cell): string =>
  gap !== null ? '–' : `${part.measures ? 'exact' : 'passed'} (${passed})`;

const isOfMatrix = ({ kernel }: Column): boolean =>
  kernels.some(({ name }) => name === kernel.name);

/** docs/kernels.md: what was proved on which kernel. */
export function pageOf({ columns: all, notBooted, commit }: Proof): string {
  const columns = all.filter(isOfMatrix);
  const titles = [...new Set(columns.flatMap(({ cells }) => cells.map(({ part }) => part.title)))];
  const head = columns.map(({ kernel, release }) => `${kernel.name} (${release})`);
  const rows = titles.map((title) => {
    const cells = columns.map(({ cells: own }) => own.find(({ part }) => part.title === title));
    return `| ${title} | ${cells.map((cell) => (cell ? shown(cell) : 'not run')).join(' | ')} |`;
  });
  const others = all
    .filter((column) => !isOfMatrix(column))
    .flatMap(({ kernel, release, cells }) =>
      cells.map((cell) => `- ${kernel.name} (${release}): ${cell.part.title}: ${shown(cell)}\n`),
    );
  const lacks = columns.flatMap(({ kernel }) =>
    Object.entries(kernel.lacks).map(([what, why]) => `| ${kernel.name} | ${what} | ${why} |`),
  );
  const gaps = columns.flatMap(({ kernel }) =>
    kernel.gaps.map((gap) => `- ${kernel.name}: ${gap}.\n`),
  );
  return `# Kernels

Written by \`scripts/test-kernels --write\` on ${commit}: each kernel is booted in a virtual machine, and the tests run there. *exact (N)*: all of N tests passed, which compare
figures with a truth that is known in advance, to the byte or the page; *passed (N)*: N tests passed, which compare none; *not run*: left to the other kernels, as it takes long.
–: the kernel cannot, for the reason below; that it really does not is tested, too.

| | ${head.join(' | ')} |
| --- |${' --- |'.repeat(columns.length)}
${rows.join('\n')}

${others.length === 0 ? '' : `Booted once more, with that on the kernel's command line:\n\n${others.join('')}\n`}## Known gaps

${gaps.join('')}- All: of the ways to use a file that test/targets/pages.c knows, a guest plays those of \`patterns\` in test/vm/selection.ts, by each mode on one file system: all of them take too long there.

${typesSection(notBooted)}## What a kernel lacks

| kernel | what | why |
| --- | --- | --- |
${lacks.join('\n')}

What each way to watch the page cache cannot see on a kernel is said by \`memtrace cache\` in its header, and by \`memtrace doctor\`. How many instructions the verifier goes through for
each program on each kernel is in [verifier.json](verifier.json); a million is its limit.
`;
}

export const writePage = (proof: Proof): Promise<void> => writeFile(file, pageOf(proof));
