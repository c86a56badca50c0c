import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ProbePlan } from '../../allocators/allocator.ts';
import { openElf } from '../../native/elf-addon.ts';
import { type Command, interpreterChain } from './interpreter-chain.ts';
import { type Opened, openFile } from '../../system/open-object.ts';
import { planObjects } from './plan.ts';
import type { PlanOptions } from './plan-object.ts';

/** Where and with which environment the command will start; memtrace's own where left out. */
export type CommandPlanOptions = PlanOptions & Partial<Pick<Command, 'cwd' | 'env'>>;

const run = promisify(execFile);
const loaderPatience = 5000;

/**
 * What to probe in a command that has not started: its executable and the libraries that its own dynamic loader finds for it, in
 * its environment and directory. None of its code is run. `fd` of the rows stay open until `closePlan`. Errors: Failure
 * `command-missing`, `command-not-executable`.
 */
export async function planCommand(
  argv: readonly string[],
  options: CommandPlanOptions = {},
): Promise<ProbePlan> {
  const command = { argv, cwd: options.cwd ?? process.cwd(), env: options.env ?? process.env };
  const opened: Opened[] = [];
  for (const program of interpreterChain(command)) {
    const path = realpathSync(program);
    const executable = openFile(path, path);
    opened.push(executable, ...(await librariesOf(executable, command)));
  }
  return planObjects(0, opened, options);
}

async function librariesOf(executable: Opened, command: Command): Promise<Opened[]> {
  if (!('fd' in executable)) return [];
  const elf = openElf(executable.fd);
  const loader = elf.facts.interpreter;
  elf.close();
  if (loader === null) return [];
  try {
    const { cwd, env } = command;
    const { stdout } = await run(loader, ['--list', executable.path], {
      cwd,
      env,
      timeout: loaderPatience,
    });
    return parseLoaderList(stdout).map((found) => {
      const path = realpathSync(resolve(cwd, found));
      return openFile(path, path);
    });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n')[0];
    return [
      {
        path: loader,
        reason: `could not list the libraries of ${executable.path}: ${said || String(error)}`,
      },
    ];
  }
}

/** Paths in what `LOADER --list PROGRAM` prints (glibc and musl); libraries not found and the vDSO have none. */
export function parseLoaderList(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const path = /^\s+(?:.* => )?(\S.*\/.*?) \(0x[0-9a-f]+\)$/.exec(line)?.[1];
    return path === undefined ? [] : [path];
  });
}
