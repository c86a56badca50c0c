import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Instructions that the verifier went through, by object and program. */
export type Instructions = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The committed counts, by kernel. */
export type VerifierTable = Readonly<Record<string, Instructions>>;

/** What is not as committed, in a sentence. */
export interface Change {
  readonly text: string;
  /** Whether the committed table has to be changed for it, to be seen in review. */
  readonly isRed: boolean;
}

const file = path.resolve(import.meta.dirname, '../../docs/verifier.json');

export async function readTable(): Promise<VerifierTable> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text) as VerifierTable;
}

export const writeTable = (table: VerifierTable): Promise<void> =>
  writeFile(file, `${JSON.stringify(table, null, 2)}\n`);

const allowedChange = 0.1;
/** Half of what the verifier goes through before it gives up. */
const mostInstructions = 500_000;

/** A change for each program whose count differs by more than a tenth, that is new, gone or too long; `now` is of all objects. */
export function changes(
  kernel: string,
  before: Instructions | undefined,
  now: Instructions,
): Change[] {
  const all = programsOf(now);
  const known = programsOf(before ?? {});
  const tooLong = [...all].flatMap(([program, count]) =>
    count > mostInstructions && known.get(program) !== count
      ? [red(`${kernel}: ${program}: ${count} instructions, more than ${mostInstructions}`)]
      : [],
  );
  if (all.size > 0 && before === undefined) return [mild(`${kernel} has no entry`), ...tooLong];
  const changed = [...all].flatMap(([program, count]) => {
    const was = known.get(program);
    if (was === undefined) return [mild(`${kernel}: ${program}: new, ${count} instructions`)];
    if (Math.abs(count - was) <= was * allowedChange) return [];
    const change = ((count / was - 1) * 100).toFixed(0);
    const text = `${kernel}: ${program}: ${was} to ${count} instructions (${change} %)`;
    return [count > was ? red(text) : mild(text)];
  });
  const gone = [...known.keys()]
    .filter((program) => !all.has(program))
    .map((program) => mild(`${kernel}: ${program}: gone`));
  return [...changed, ...gone, ...tooLong];
}

const red = (text: string): Change => ({ text, isRed: true });
const mild = (text: string): Change => ({ text, isRed: false });

const programsOf = (instructions: Instructions): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(instructions).flatMap(([object, programs]) =>
      Object.entries(programs).map(([program, count]) => [`${object}: ${program}`, count] as const),
    ),
  );
