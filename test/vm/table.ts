import type { Column } from './matrix.ts';

/** The end of a run: kernel, what ran there, and how it ended. */
export function table(columns: readonly Column[]): string {
  return columns
    .flatMap(({ kernel, release, seconds, cells, trouble }) => [
      `${kernel.name}: ${release}, ${seconds.toFixed(0)} s${trouble === '' ? '' : `: ${trouble.split('\n')[0]}`}\n`,
      ...cells.map(({ part, passed, failed, skipped, gap }) => {
        const verdict = failed.length > 0 ? 'FAILED' : gap === null ? 'passed' : 'gap';
        const count = gap ?? `${passed} passed, ${failed.length} failed, ${skipped} skipped`;
        return `  ${part.title.padEnd(36)} ${verdict.padEnd(7)} ${count}\n`;
      }),
    ])
    .join('');
}

/** Names of the tests that failed on a kernel, and what else is wrong there. */
export const failures = ({ kernel, cells, trouble }: Column): string =>
  [...cells.flatMap(({ failed }) => failed), ...trouble.split('\n').filter(Boolean)]
    .map((line) => `  ${kernel.name}: ${line}\n`)
    .join('');
