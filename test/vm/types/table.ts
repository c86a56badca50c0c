import type { TypesCell, TypesRow } from './check.ts';
import { turns } from './turns.ts';

const titles = (rows: readonly TypesRow[]): string[] => [
  ...new Set(rows.flatMap(({ cells }) => cells.map(({ form }) => form))),
];

/** The end of a run: each kernel, and the kernels that prove its objects. */
export const typesTable = (rows: readonly TypesRow[]): string =>
  rows
    .map(({ release, cells }) => {
      const likes = cells.map((cell) => `${cell.form}: ${shown(cell)}`);
      return `  ${release.padEnd(28)} ${likes.join('; ')}\n`;
    })
    .join('');

/** A section of docs/kernels.md; empty where nothing was looked at. */
export function typesSection(rows: readonly TypesRow[]): string {
  if (rows.length === 0) return '';
  const forms = titles(rows);
  const table = rows.map(({ release, cells }) => {
    const own = forms.map((form) => cells.find((cell) => cell.form === form));
    return `| ${release} | ${own.map((cell) => (cell ? shown(cell) : '')).join(' | ')} |`;
  });
  const used = new Set(
    rows.flatMap(({ cells }) => cells.flatMap(({ likeness }) => likeness.turns)),
  );
  const reasons = turns
    .filter(({ name }) => used.has(name))
    .map(({ name, why }) => `- ${name}: ${why}.`)
    .filter((line, at, all) => all.indexOf(line) === at);
  return `## Not booted: by their types alone

These kernels were not run. Of each, its BTF was asked what it is that decides which instructions of our objects are alive there, and where they are attached: the fields and constants that they find by name,
with their types, and the parameters of tracepoints and functions. Where all of that is as on a kernel that is booted above, the cell names it: there only offsets are other ones, which are filled in when an object is
loaded. In brackets: what is as on another one of them, and has nothing to do with the rest. – (…): the kernel cannot, like that one. –: it cannot for what types do not tell:
functions of the kernel for arm64 take trampolines from 6.4 on. Nothing else of that kind is looked at. Of its tracepoints, those in modules are not looked at.

| | ${forms.join(' | ')} |
| --- |${' --- |'.repeat(forms.length)}
${table.join('\n')}

${reasons.join('\n')}

`;
}

function shown({ gap, likeness: { kernel, turns: between }, trouble }: TypesCell): string {
  if (trouble !== '') return '**differs**';
  if (gap !== null) return gap === 'types' ? `– (${kernel})` : '–';
  return between.length === 0 ? kernel : `${kernel} (${between.join(', ')})`;
}
