import { isRequired } from '../support/require.ts';
import { Unreachable } from './archive.ts';
import { type Kernel, kernels as all } from './kernels.ts';
import type { Machine } from './machine.ts';
import { brokenColumn, type Column, isRed, runColumn } from './matrix.ts';
import { writePage } from './page.ts';
import { lockedDown, type Part, partsFor } from './selection.ts';
import { failures, table } from './table.ts';
import { buildTargets } from './targets.ts';
import { checkTypes, troubles, type TypesCheck } from './types/check.ts';
import { typesTable } from './types/table.ts';
import { changes, readTable, writeTable } from './verifier.ts';

interface Options {
  readonly machine: Machine;
  readonly timeoutSeconds: number;
  readonly part: RegExp;
  /** Guests at once. */
  readonly jobs: number;
  readonly write: boolean;
  readonly verbose: boolean;
}

/** A boot of the matrix: the kernel, what its command line has beside, and what runs there. */
interface Boot {
  readonly kernel: Kernel;
  readonly parts: readonly Part[];
  readonly words: readonly string[];
}

/** A kernel that ran, or that could not be fetched. */
type Ended = Column | { readonly name: string; readonly cannot: string };

/** Beside the parts: kernels that are not booted. */
const typesTitle = 'not booted: by their types alone';

const say = (text: string): boolean => process.stdout.write(text);

/** Runs the selection on each kernel, and ends with a table; whether all is green. */
export async function runMatrix(kernels: readonly Kernel[], options: Options): Promise<boolean> {
  const isWanted = ({ title }: Part): boolean => options.part.test(title);
  const boots: Boot[] = kernels.map((kernel) => ({
    kernel,
    parts: partsFor(kernel.name, options.machine).filter(isWanted),
    words: [],
  }));
  const locked = kernels.find(({ name }) => name === lockedDown.kernel);
  if (locked) {
    const { words, part, title } = lockedDown;
    boots.push({ kernel: { ...locked, name: title }, parts: [part].filter(isWanted), words });
  }
  const waiting = boots.filter(({ parts }) => parts.length > 0).map((boot, at) => ({ boot, at }));
  if (waiting.length > 0 && isOfHost(options.machine)) buildTargets();
  const ended: Ended[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      ended[next.at] = await columnOf(next.boot, options);
  };
  // Each keeps a processor busy.
  await Promise.all(Array.from({ length: options.jobs }, work));
  const columns = ended.flatMap((each) => ('cannot' in each ? [] : [each]));
  // Of all kernels only: what is not booted is compared with each of them.
  const types = await typesOf(
    kernels.length === all.length && isOfHost(options.machine) && options.part.test(typesTitle),
  );
  const skipped = [
    ...ended.flatMap((each) => ('cannot' in each ? [`${each.name}: ${each.cannot}`] : [])),
    ...types.skipped,
  ];
  say(`\n${table(columns)}`);
  if (isOfHost(options.machine)) await tellChanges(columns);
  for (const line of skipped) say(`SKIPPED ${line}\n`);
  for (const column of columns.filter(isRed))
    say(`FAILED ON ${column.kernel.name}\n${failures(column)}`);
  const wrong = types.rows.flatMap(troubles);
  for (const line of wrong) say(`FAILED BY ITS TYPES ${line}\n`);
  const isWhole = skipped.length === 0 || !isNeeded();
  const green = !columns.some(isRed) && wrong.length === 0 && isWhole;
  if (options.write && green)
    await write(
      columns.filter(({ kernel }) => kernels.includes(kernel)),
      types,
    );
  return green;
}

async function typesOf(isWanted: boolean): Promise<TypesCheck> {
  if (!isWanted) return { rows: [], skipped: [] };
  const types = await checkTypes();
  say(`\n${typesTitle}\n${typesTable(types.rows)}`);
  return types;
}

/** On others programs are compiled in the guest, and docs/ does not have them. */
const isOfHost = ({ system }: Machine): boolean => system().root === '/';

/** Whether a kernel that cannot be fetched is a failure. */
const isNeeded = (): boolean => process.env['CI'] !== undefined || isRequired('kernels');

async function columnOf(
  { kernel, parts, words }: Boot,
  { machine, timeoutSeconds, verbose }: Options,
): Promise<Ended> {
  try {
    say(`${kernel.name}: boots\n`);
    const column = await runColumn(machine, kernel, parts, timeoutSeconds, words);
    say(
      `${kernel.name}: ${column.release}, ${column.seconds.toFixed(0)} s: ${isRed(column) ? 'FAILED' : 'passed'}\n`,
    );
    if (isRed(column) || verbose) say(`${column.log}\n`);
    return column;
  } catch (error) {
    if (error instanceof Unreachable) {
      say(`${kernel.name}: SKIPPED: ${error.message}\n`);
      return { name: kernel.name, cannot: error.message };
    }
    // The others' results are not lost for it.
    say(`${kernel.name}: FAILED: ${String(error)}\n`);
    return brokenColumn(kernel, String(error));
  }
}

async function tellChanges(columns: readonly Column[]): Promise<void> {
  const committed = await readTable();
  const lines = columns.flatMap(({ kernel, instructions }) =>
    changes(kernel.name, committed[kernel.name] ?? {}, instructions),
  );
  if (lines.length > 0)
    say(
      `\nVerified instructions, against docs/verifier.json (--write):\n  ${lines.join('\n  ')}\n`,
    );
}

async function write(columns: readonly Column[], types: TypesCheck): Promise<void> {
  await writePage(columns, types.rows);
  const table = columns.map(({ kernel, instructions }) => [kernel.name, instructions] as const);
  await writeTable({ ...(await readTable()), ...Object.fromEntries(table) });
}
