import yargs from 'yargs';
import type { ExitCode } from '../errors/catalog.ts';
import { canonical } from './canonical.ts';
import type { Command, Context } from './command.ts';
import { commands } from './commands/index.ts';
import { completions } from './completion.ts';
import { nearest } from './nearest.ts';
import type { Arguments } from './option.ts';
import { usage } from './usage.ts';

/** What a command line asks for: a text (help, version, completion) or a command to run. */
export type Invocation =
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'run'; readonly run: (context: Context) => Promise<ExitCode> };

/** The same before the command has read its arguments. */
type Parsed = { readonly text: string } | { readonly command: Command; readonly args: Arguments };

export interface CommandLineOptions {
  readonly version: string;
  /** Width of the help in columns. */
  readonly columns: number;
}

const general = ['--help', '-h', '--version'];

/** The parser proper. It is given canonical arguments only, so that each value is one string. */
const program = (
  options: CommandLineOptions,
  chosen: (command: Command, args: Arguments) => void,
) => {
  const parser = yargs()
    .scriptName('memtrace')
    .usage(
      'memtrace COMMAND [OPTIONS]\n\nFinds memory leaks of running processes and of the kernel, and what the page cache does for them, without touching them.',
    )
    .detectLocale(false)
    .wrap(options.columns)
    .strictOptions()
    .exitProcess(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
      'strip-aliased': true,
    })
    .version('version', 'print the version', options.version)
    .help('help', 'print this help')
    .alias('help', 'h')
    .completion(
      'completion',
      'print the completion script of your shell (bash, zsh): memtrace completion >> ~/.bashrc',
    )
    .example(
      commands.flatMap(({ examples }) =>
        examples.slice(0, 1).map(({ line, does }) => [line, does] as const),
      ),
    )
    .epilogue('Options and examples of a command: memtrace COMMAND --help')
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
  for (const command of commands) {
    parser.command({
      command: command.name,
      describe: command.summary,
      builder: (builder) => {
        builder.usage(
          command.usage.map((line) => `memtrace ${line}`).join('\n') + `\n\n${command.summary}`,
        );
        for (const row of command.options) {
          builder.option(row.name, {
            group: `${row.group}:`,
            describe: row.value === undefined ? row.help : `${row.value}: ${row.help}`,
            ...(row.short === undefined ? {} : { alias: row.short }),
          });
        }
        for (const { line, does } of command.examples) builder.example(line, does);
        return builder.epilogue(command.notes.join('\n\n'));
      },
      handler: (parsed) => {
        const values = command.options.flatMap((row) => {
          const given: unknown = parsed[row.name];
          return given === undefined ? [] : [[row.name, [given].flat().map(String)] as const];
        });
        const rest: unknown = parsed['--'];
        chosen(command, {
          options: new Map(values),
          positionals: parsed._.slice(1).map(String),
          rest: Array.isArray(rest) ? rest.map(String) : null,
        });
      },
    });
  }
  return parser;
};

/** The same command line as the parser takes it. */
const normalised = (argv: readonly string[]): string[] => {
  const [first, ...rest] = argv;
  if (first === undefined) return ['--help'];
  if (first === 'completion' || general.includes(first)) return [first];
  const command = commands.find((candidate) => candidate.name === first);
  if (command) {
    const own = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (own.some((word) => general.includes(word))) return [first, '--help'];
    return [first, ...canonical(first, rest, command.options)];
  }
  if (first.startsWith('-'))
    throw usage(
      `${first} comes before a command`,
      `give the command first: memtrace leak ${argv.join(' ')}`,
    );
  const names = commands.map((candidate) => candidate.name);
  const meant = nearest(first, names);
  throw usage(
    `there is no command '${first}'`,
    meant === null
      ? `the commands are ${names.join(', ')}: see memtrace --help`
      : `did you mean memtrace ${meant}?`,
  );
};

/** Splits a command line into a command and its arguments, or gives the text that it asks for. Throws a usage failure. */
export const parseArguments = (argv: readonly string[], options: CommandLineOptions): Parsed => {
  // The word by which yargs' completion scripts ask back.
  const asked = argv.indexOf('--get-yargs-completions');
  if (asked >= 0)
    return {
      text: completions(argv.slice(asked + 1))
        .map((word) => `${word}\n`)
        .join(''),
    };
  let parsed: Parsed = { text: '' };
  const parser = program(options, (command, args) => {
    // yargs drops a `--` that nothing follows.
    parsed = { command, args: { ...args, rest: args.rest ?? (argv.includes('--') ? [] : null) } };
  });
  void parser.parse(normalised(argv), {}, (_error, _argv, output) => {
    if (output !== '') parsed = { text: output.endsWith('\n') ? output : `${output}\n` };
  });
  return parsed;
};

/** Understands a whole command line, without side effects. Throws a usage failure. */
export const parseCommandLine = (
  argv: readonly string[],
  options: CommandLineOptions,
): Invocation => {
  const parsed = parseArguments(argv, options);
  return 'text' in parsed
    ? { kind: 'print', text: parsed.text }
    : { kind: 'run', run: parsed.command.prepare(parsed.args) };
};
