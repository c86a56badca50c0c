import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { Failure } from '../../errors/failure.ts';

/** A command as it will be started. */
export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

// The kernel follows a script's interpreter four times: fs/exec.c, exec_binprm.
const maxInterpreters = 5;
const headBytes = 256;

/**
 * The executables that a command runs before its own code: the program itself, or a script's interpreter, and with
 * `#!/usr/bin/env NAME` both env and NAME. Absolute paths. Errors: Failure `command-missing`, `command-not-executable`.
 */
export function interpreterChain({ argv, cwd, env }: Command): string[] {
  const programs: string[] = [];
  let path = findCommand(argv[0] ?? '', cwd, env);
  for (let i = 0; i < maxInterpreters; i++) {
    const head = readHead(path);
    if (head.startsWith('\x7fELF')) return [...programs, path];
    // As execvp does with a script that names no interpreter.
    const line = parseShebang(head) ?? { interpreter: '/bin/sh', argument: null };
    path = executable(resolve(cwd, line.interpreter), line.interpreter);
    const named = /(^|\/)env$/.test(line.interpreter) ? envCommand(line.argument) : null;
    if (named !== null) {
      programs.push(path);
      path = findCommand(named, cwd, env);
    }
  }
  throw new Failure('command-not-executable', { command: argv[0] ?? '', errno: 'ELOOP' });
}

/** Interpreter and its one argument of a script's first line; null where it is not a `#!` line. */
export function parseShebang(
  head: string,
): { readonly interpreter: string; readonly argument: string | null } | null {
  const match = /^#![ \t]*([^ \t\n]+)(?:[ \t]+([^\n]*))?/.exec(head);
  if (!match) return null;
  const argument = match[2]?.trim();
  return { interpreter: match[1]!, argument: argument ? argument : null };
}

/** The command among the words that a `#!` line gives to env: after its options and assignments. */
export function envCommand(argument: string | null): string | null {
  const words = (argument ?? '').split(/[ \t]+/).filter((word) => word !== '');
  return words.find((word) => !word.startsWith('-') && !word.includes('=')) ?? null;
}

// As execvp finds it.
function findCommand(command: string, cwd: string, env: Command['env']): string {
  if (command.includes('/')) return executable(resolve(cwd, command), command);
  let refused: Failure | undefined;
  for (const folder of (env['PATH'] ?? '/bin:/usr/bin').split(delimiter)) {
    try {
      return executable(resolve(cwd, folder, command), command);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'command-not-executable') refused ??= error;
    }
  }
  throw refused ?? new Failure('command-missing', { command });
}

function executable(path: string, command: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Failure('command-missing', { command });
  try {
    accessSync(path, constants.X_OK);
  } catch (error) {
    throw new Failure('command-not-executable', {
      command,
      errno: (error as NodeJS.ErrnoException).code ?? 'EACCES',
    });
  }
  if (!found.isFile()) throw new Failure('command-not-executable', { command, errno: 'EACCES' });
  return path;
}

function readHead(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(headBytes);
    return head.toString('latin1', 0, readSync(fd, head, 0, headBytes, 0));
  } finally {
    closeSync(fd);
  }
}
