import { describe, expect, it } from 'vitest';
import { parseArguments, parseCommandLine } from '../../src/cli/command-line.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { explain } from '../../src/errors/catalog.ts';
import { Failure } from '../../src/errors/failure.ts';

const options = { version: '1.2.3', columns: 100 };

const printed = async (...argv: string[]): Promise<string> => {
  const invocation = parseCommandLine(argv, options);
  if (invocation.kind !== 'print') throw new Error('it would have run');
  return await invocation.text();
};

const refusal = (...argv: string[]): string => {
  try {
    parseCommandLine(argv, options);
  } catch (error) {
    if (error instanceof Failure) return `${explain(error).message} / ${explain(error).remedy}`;
  }
  throw new Error('it was not refused');
};

describe('the command line', () => {
  it('prints the help of the program with each command', async () => {
    const help = await printed('--help');
    for (const { name, summary } of commands) {
      expect(help).toContain(`memtrace ${name}`);
      expect(help).toContain(summary);
    }
  });

  it.each([
    [[], []],
    [
      ['--plain', '-p', '7'],
      ['plain', 'pid'],
    ],
    [['--format=json'], ['format']],
  ])('is triage without a command: %j', (argv, names) => {
    const parsed = parseArguments(argv);
    if (!('command' in parsed)) throw new Error('it would have printed');
    expect(parsed.command.name).toBe('triage');
    expect([...parsed.args.options.keys()]).toEqual(names);
  });

  it.each(commands.map(({ name }) => name))(
    'prints the help of %s with each option and example',
    async (name) => {
      const command = commands.find((candidate) => candidate.name === name)!;
      const help = await printed(name, '--help');
      for (const row of command.options) expect(help).toContain(`--${row.name}`);
      for (const { line } of command.examples) expect(help).toContain(line.slice(0, 40));
      expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(
        options.columns,
      );
      expect(await printed(name, '-h', '--frobnicate')).toBe(help);
    },
  );

  it.each(commands.map(({ name }) => name))(
    'has no two options of %s with the same name or letter',
    (name) => {
      const rows = commands.find((candidate) => candidate.name === name)!.options;
      const names = rows.flatMap((row) =>
        row.short === undefined ? [row.name] : [row.name, row.short],
      );
      expect(new Set(names).size).toBe(names.length);
    },
  );

  it('prints its version', async () => {
    expect(await printed('--version')).toBe('1.2.3\n');
  });

  it('leaves options after -- to the command that is started', () => {
    const parsed = parseArguments(['leak', '--', './app', '--version', '-h']);
    expect('args' in parsed && parsed.args.rest).toEqual(['./app', '--version', '-h']);
  });

  it('suggests the command that was meant', () => {
    expect(refusal('lek')).toMatch(/no command 'lek'.*did you mean memtrace leak/);
    expect(refusal('frobnicate')).toMatch(
      /no command 'frobnicate' \/ the commands are triage, leak/,
    );
    expect(refusal('-p', '12', 'leak')).toMatch(
      /-p comes before the command \/ .*memtrace leak -p 12/,
    );
  });

  it('completes commands, options and the choices of an option', async () => {
    const complete = async (...words: string[]) =>
      (await printed('--get-yargs-completions', ...words)).split('\n').slice(0, -1);
    expect(await complete('memtrace', 'l')).toEqual(['leak']);
    expect(await complete('memtrace', 'leak', '--so')).toEqual(['--sort']);
    expect(await complete('memtrace', 'leak', '--sort', '')).toEqual(['size', 'count']);
    expect(await complete('memtrace', 'leak', '-p', '')).toEqual([]);
    expect(await complete('memtrace', 'leak', '--', './app', '--s')).toEqual([]);
  });

  it('prints a completion script that asks memtrace itself', async () => {
    expect(await printed('completion')).toContain('memtrace --get-yargs-completions');
  });
});
