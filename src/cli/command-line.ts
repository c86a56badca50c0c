import type { ExitCode } from '../errors/catalog.ts';
import { canonical } from './canonical.ts';
import type { Command, Context } from './command.ts';
import { commands } from './commands/index.ts';
import { completions } from './completion.ts';
import type { HelpOptions } from './help.ts';
import { nearest } from './nearest.ts';
import type { Arguments } from './option.ts';
import { usage } from './usage.ts';

/** What a command line asks for: a text (help, version, completion) or a command to run. */
export type Invocation =
  | { readonly kind: 'print'; readonly text: () => Promise<string> }
  | { readonly kind: 'run'; readonly run: (context: Context) => Promise<ExitCode> };

/** The same before the command has read its arguments, or the words for which a text stands. */
type Parsed =
  | { readonly command: Command; readonly args: Arguments }
  | { readonly helping: readonly string[] }
  | { readonly completing: readonly string[] };

const general = ['--help', '-h', '--version'];

const commandOf = (first: string): Command => {
  const command = commands.find((candidate) => candidate.name === first);
  if (command) return command;
  const names = commands.map((candidate) => candidate.name);
  const meant = nearest(first, names);
  throw usage(
    `there is no command '${first}'`,
    meant === null
      ? `the commands are ${names.join(', ')}: see memtrace --help`
      : `did you mean memtrace ${meant}?`,
  );
};

/** Splits canonical words: options are `--name=value`, up to a `--`. */
const split = (words: readonly string[]): Arguments => {
  const dashes = words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  const options = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const word of own) {
    const [, name, value] = /^--([^=]+)=([^]*)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) positionals.push(word);
    else options.set(name, [...(options.get(name) ?? []), value]);
  }
  return { options, positionals, rest: dashes < 0 ? null : words.slice(dashes + 1) };
};

/** Options without a command are those of triage, unless a command comes behind them. */
const refuseLateCommand = (argv: readonly string[]): void => {
  const late = commands.find(({ name }) => argv.includes(name));
  if (late === undefined) return;
  const others = argv.filter((word) => word !== late.name);
  throw usage(
    `${argv[0]} comes before the command`,
    `give the command first: memtrace ${late.name} ${others.join(' ')}`,
  );
};

/** Splits a command line into a command and its arguments, or gives the words that ask for a text. Throws a usage failure. */
export const parseArguments = (argv: readonly string[]): Parsed => {
  // The word by which yargs' completion scripts ask back.
  const asked = argv.indexOf('--get-yargs-completions');
  if (asked >= 0) return { completing: argv.slice(asked + 1) };
  const [first, ...rest] = argv;
  if (first === undefined || (first.startsWith('-') && !general.includes(first))) {
    refuseLateCommand(argv);
    return parseArguments(['triage', ...argv]);
  }
  if (first === 'completion' || general.includes(first)) return { helping: [first] };
  const command = commandOf(first);
  const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  if (own.some((word) => general.includes(word))) return { helping: [first, '--help'] };
  return { command, args: split(canonical(first, rest, command.options)) };
};

/** Understands a whole command line, without side effects. Throws a usage failure. */
export const parseCommandLine = (argv: readonly string[], options: HelpOptions): Invocation => {
  const parsed = parseArguments(argv);
  if ('command' in parsed) return { kind: 'run', run: parsed.command.prepare(parsed.args) };
  if ('completing' in parsed) {
    const words = completions(parsed.completing);
    return { kind: 'print', text: async () => words.map((word) => `${word}\n`).join('') };
  }
  return {
    kind: 'print',
    // Loading yargs takes longer than most of what memtrace does.
    text: async () => (await import('./help.ts')).helpText(parsed.helping, options),
  };
};
