import { statSync } from 'node:fs';

import { buildTarget } from './build-target.ts';
import { run } from './run.ts';
import { Target } from './run-target.ts';

/** What test/targets/pages.c says that a pattern did to the page cache. */
export interface Truth {
  readonly pattern: string;
  readonly calls: number;
  readonly bytes: number;
  readonly accesses: number;
  readonly absent: number;
  readonly readAhead: number;
  readonly faults: number;
  readonly writeAccesses: number;
  readonly writeAbsent: number;
  /** Null where this kernel cannot be asked: before cachestat(2), 6.5. */
  readonly dirtied: number | null;
  readonly direct: number;
  readonly inserted: number;
  /** Of these, behind the end of the file. */
  readonly behind: number;
}

/** A pattern that was run, and by whom on which file. */
export interface Played {
  readonly pid: number;
  readonly inode: string;
  readonly truth: Truth;
}

export function pagesProgram(): string {
  const program = buildTarget('pages.c', 'dynamic');
  if (program === null) throw new Error('no C compiler');
  return program;
}

export const patternNames = (): readonly string[] => run(pagesProgram(), 'list').trim().split('\n');

interface Prepared {
  readonly target: Target;
  readonly play: () => Promise<Played>;
}

/** The program, started by whatever command, that plays once on the file whose pages lie in `beneath`. */
export async function programOf(
  wrapper: readonly string[],
  command: readonly string[],
  beneath: string,
): Promise<Prepared> {
  const target = await Target.start([...wrapper, ...command]);
  const inode = String(statSync(beneath).ino);
  return {
    target,
    play: async () => {
      target.send('go');
      const truth = JSON.parse(await target.line('truth')) as Truth;
      return { pid: target.pid, inode, truth };
    },
  };
}

/** One process that will run `pattern` on a file of its own: made, and cached or not, by now. */
export const preparePattern = (
  pattern: string,
  file: string,
  beneath: string = file,
): Promise<Prepared> => programOf([], [pagesProgram(), pattern, file, beneath], beneath);

/** Runs `pattern` on `file` from making it to the end of the process. */
export async function playPattern(
  pattern: string,
  file: string,
  beneath: string = file,
): Promise<Played> {
  const { target, play } = await preparePattern(pattern, file, beneath);
  const played = await play();
  target.send('exit');
  if ((await target.exited) !== 0) throw new Error(`pages ${pattern} failed`);
  return played;
}
