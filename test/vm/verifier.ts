import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Instructions that the verifier went through, by object and program. */
export type Instructions = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The committed counts, by kernel. */
export type VerifierTable = Readonly<Record<string, Instructions>>;

const file = path.resolve(import.meta.dirname, '../../docs/verifier.json');

export async function readTable(): Promise<VerifierTable> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text) as VerifierTable;
}

export const writeTable = (table: VerifierTable): Promise<void> =>
  writeFile(file, `${JSON.stringify(table, null, 2)}\n`);

const allowed = 0.1;

/** A line for each program whose count differs from the committed one by more than a tenth, or that is new. */
export function changes(kernel: string, before: Instructions, now: Instructions): string[] {
  return Object.entries(now).flatMap(([object, programs]) =>
    Object.entries(programs).flatMap(([program, count]) => {
      const was = before[object]?.[program];
      if (was !== undefined && Math.abs(count - was) <= was * allowed) return [];
      const change = was === undefined ? 'new' : `${((count / was - 1) * 100).toFixed(0)} %`;
      return [`${kernel}: ${object}: ${program}: ${was ?? 0} to ${count} instructions (${change})`];
    }),
  );
}
