import { isRequired } from '../support/require.ts';
import { type Boot, bootsOf } from './boots.ts';
import { Unreachable } from './download.ts';
import { type Kernel, kernels as all } from './kernels.ts';
import type { Machine } from './machine.ts';
import { brokenColumn, type Column, isRed, runColumn } from './matrix.ts';
import { columnsOf, type Ended, faultsOf, type Outcome, skippedOf } from './outcome.ts';
import { writePage } from './page.ts';
import { table } from './table.ts';
import { buildTargets } from './targets.ts';
import { lines } from './tool.ts';
import { checkTypes, type TypesCheck } from './types/check.ts';
import { typesTable } from './types/table.ts';
import { type Change, changes, readTable, type VerifierTable, writeTable } from './verifier.ts';

interface Options {
  readonly machine: Machine;
  readonly timeoutSeconds: number;
  readonly part: RegExp;
  /** Guests at once. */
  readonly jobs: number;
  readonly write: boolean;
  readonly verbose: boolean;
}

/** Beside the parts: kernels that are not booted. */
const typesTitle = 'not booted: by their types alone';

const say = (text: string): boolean => process.stdout.write(text);

/** Runs the selection on each kernel, and ends with a table; whether all is green. */
export async function runMatrix(kernels: readonly Kernel[], options: Options): Promise<boolean> {
  const boots = bootsOf(kernels, options);
  // Of all kernels only: what is not booted is compared with each of them.
  const ownHost = isOfHost(options.machine);
  const wantsTypes = kernels.length === all.length && ownHost && options.part.test(typesTitle);
  if (boots.length === 0 && !wantsTypes) {
    say(`There is nothing to run: no part for these kernels is like ${options.part.source}\n`);
    return false;
  }
  // Before files change.
  const commit = options.write ? await checkedOut() : '';
  if (boots.length > 0 && ownHost) buildTargets();
  const ended = await columnsOfAll(boots, options);
  const types = wantsTypes ? await typesOf() : noTypes;
  const outcome: Outcome = {
    boots: boots.length,
    ended,
    types,
    changes: ownHost ? changesOf(ended, await readTable()) : [],
  };
  const faults = faultsOf(outcome, { isFetchNeeded: isNeeded(), isWritten: options.write });
  const skipped = skippedOf(outcome);
  say(`\n${table(columnsOf(outcome))}`);
  if (outcome.changes.length > 0) say(`\nVerified instructions, against docs/verifier.json:\n`);
  for (const { text } of outcome.changes) say(`  ${text}\n`);
  for (const line of [...skipped, ...types.withdrawn]) say(`SKIPPED ${line}\n`);
  for (const line of faults) say(`${line}\n`);
  if (!options.write) return faults.length === 0;
  if (faults.length > 0 || skipped.length > 0) {
    say(
      'docs/kernels.md and docs/verifier.json are as they were: a page is of a run in which everything ran, and passed\n',
    );
    return false;
  }
  await write(columnsOf(outcome), types, commit);
  return true;
}

async function columnsOfAll(boots: readonly Boot[], options: Options): Promise<readonly Ended[]> {
  // What takes longest begins first.
  const waiting = boots
    .map((boot, at) => ({ boot, at }))
    .toSorted((a, b) => b.boot.parts.length - a.boot.parts.length);
  const ended: Ended[] = [];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      ended[next.at] = await columnOf(next.boot, options);
  };
  // Each keeps a processor busy.
  await Promise.all(Array.from({ length: options.jobs }, work));
  return ended;
}

const noTypes = { rows: [], skipped: [], withdrawn: [], trouble: '' };

async function typesOf(): Promise<Outcome['types']> {
  try {
    const types = await checkTypes();
    say(`\n${typesTitle}\n${typesTable(types.rows)}`);
    return { ...types, trouble: '' };
  } catch (error) {
    return { ...noTypes, trouble: String(error) };
  }
}

/** On others programs are compiled in the guest, and docs/ does not have them. */
const isOfHost = ({ system }: Machine): boolean => system().root === '/';
const checkedOut = async (): Promise<string> =>
  (await lines('git', '-C', import.meta.dirname, 'describe', '--always', '--dirty'))[0] ?? '';

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

/** Of kernels whose objects have all been loaded. */
const changesOf = (ended: readonly Ended[], committed: VerifierTable): Change[] =>
  ended.flatMap((each) =>
    'cannot' in each || !areLoaded(each)
      ? []
      : changes(each.kernel.name, committed[each.kernel.name], each.instructions),
  );

const areLoaded = ({ cells }: Column): boolean =>
  cells.some(({ part, failed }) => part.loadsObjects === true && failed.length === 0);

async function write(columns: readonly Column[], types: TypesCheck, commit: string): Promise<void> {
  await writePage({ columns, notBooted: types.rows, commit });
  const table = columns
    .filter(areLoaded)
    .map(({ kernel, instructions }) => [kernel.name, instructions] as const);
  await writeTable(Object.fromEntries(table));
}
