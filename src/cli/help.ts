import yargs from 'yargs';
import { commands } from './commands/index.ts';

/** What the texts about the command line are made for. */
export interface HelpOptions {
  readonly version: string;
  /** Width of the help in columns. */
  readonly columns: number;
}

/** The same command line in the terms of yargs, which writes the texts. */
const program = (options: HelpOptions) => {
  const parser = yargs()
    .scriptName('memtrace')
    .usage(
      'memtrace [COMMAND] [OPTIONS]\n\nSays what is wrong with the memory of this machine, finds memory leaks of running processes and of the kernel, and what the page cache does for them, without touching them. Without a command: triage.',
    )
    .detectLocale(false)
    .wrap(options.columns)
    .strictOptions()
    .exitProcess(false)
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
      handler: () => {},
    });
  }
  return parser;
};

/** The text that --help, --version or completion ask for. */
export function helpText(words: readonly string[], options: HelpOptions): string {
  let text = '';
  void program(options).parse([...words], {}, (_error, _argv, output) => {
    text = output;
  });
  return text.endsWith('\n') ? text : `${text}\n`;
}
