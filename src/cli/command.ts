import type { ExitCode } from '../errors/catalog.ts';
import type { Stage } from '../tui/host.ts';
import type { Arguments, OptionRow } from './option.ts';
import type { Output } from './output.ts';

/** What a running command is given by main. */
export interface Context {
  /** Of memtrace. */
  readonly version: string;
  readonly stdout: Output;
  /** Whether a person sits at a terminal that can be drawn on: on both standard input and standard output. */
  readonly isTerminal: boolean;
  readonly environment: NodeJS.ProcessEnv;
  /** Where a live screen is drawn, if not on the terminal. */
  readonly stage?: Stage;
  /** Runs another command line, without `memtrace`, in a context that may differ. Throws what it throws. */
  readonly invoke: (argv: readonly string[], context: Context) => Promise<ExitCode>;
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP: detach, report, end. */
  readonly stop: AbortSignal;
}

/** A command of the command line: one row of the registry. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Synopsis lines without the program's name. */
  readonly usage: readonly string[];
  readonly options: readonly OptionRow[];
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  /** What the help ends with. */
  readonly notes: readonly string[];
  /** Understands the arguments, or throws a usage failure; the function given back does the work. */
  readonly prepare: (args: Arguments) => (context: Context) => Promise<ExitCode>;
}
