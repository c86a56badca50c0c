import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';

const root = path.resolve(import.meta.dirname, '../..');
const flags = [
  '-g',
  '-O1',
  '-fno-omit-frame-pointer',
  '-fno-optimize-sibling-calls',
  '-fno-builtin',
];

/** The next line of a child's stdout; throws when the child ends first. */
export async function nextLine(lines: AsyncIterator<string>, of: string): Promise<string> {
  const { value, done } = await lines.next();
  if (done === true) throw new Error(`${of} ended without an answer`);
  return value;
}

/** pairs.c or another of these, running: takes an order a line and answers each with a number. */
export class Workload {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(source = 'pairs.c', args: readonly string[] = []) {
    const built = path.join(root, '.cache/bench', path.parse(source).name);
    mkdirSync(path.dirname(built), { recursive: true });
    execFileSync('gcc', [...flags, path.join(root, 'scripts/bench', source), '-o', built]);
    this.#child = spawn(built, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.pid = this.#child.pid ?? 0;
    this.#lines = linesOf(this.#child)[Symbol.asyncIterator]();
  }

  async ask(order: 'pairs' | 'keep' | 'preads' | 'fork', count: number): Promise<number> {
    this.#child.stdin?.write(`${order} ${count}\n`);
    return Number(await nextLine(this.#lines, order));
  }

  end(): void {
    this.#child.stdin?.end();
  }
}

export function linesOf(child: ChildProcess): Interface {
  if (child.stdout === null) throw new Error('no stdout to read');
  return createInterface({ input: child.stdout });
}

/** The value below which the share `p` of the values lies. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

/** Rows of text as a table, its first column to the left and the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const padded = rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))),
  );
  return `${padded.map((row) => row.join('  ')).join('\n')}\n`;
}
