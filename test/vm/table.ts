import type { Column } from './matrix.ts';

/** The end of a run: kernel, what ran there, and how it ended. */
export function table(columns: readonly Column[]): string {
  return columns
    .flatMap(({ kernel, release, seconds, cells, trouble }) => [
      `${kernel.name}: ${release}, ${seconds.toFixed(0)} s${trouble === '' ? '' : `: ${trouble}`}\n`,
      ...cells.map(({ part, passed, failed, skipped, gap }) => {
        const verdict = failed.length > 0 ? 'FAILED' : gap === null ? 'passed' : 'gap';
        const count = gap ?? `${passed} passed, ${failed.length} failed, ${skipped} skipped`;
        return `  ${part.title.padEnd(36)} ${verdict.padEnd(7)} ${count}\n`;
      }),
    ])
    .join('');
}

/** Names of the tests that failed on a kernel. */
export const failures = ({ kernel, cells }: Column): string =>
  cells
    .flatMap(({ failed }) => failed)
    .map((name) => `  ${kernel.name}: ${name}\n`)
    .join('');
