import { describe, expect, it } from 'vitest';
import { parseArguments, parseCommandLine } from '../../src/cli/command-line.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { explain } from '../../src/errors/catalog.ts';
import { Failure } from '../../src/errors/failure.ts';

const options = { version: '1.2.3', columns: 100 };

const printed = (...argv: string[]): string => {
  const invocation = parseCommandLine(argv, options);
  if (invocation.kind !== 'print') throw new Error('it would have run');
  return invocation.text;
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
  it('prints the help of the program without a command', () => {
    expect(printed()).toBe(printed('--help'));
    for (const { name, summary } of commands) {
      expect(printed()).toContain(`memtrace ${name}`);
      expect(printed()).toContain(summary);
    }
  });

  it.each(commands.map(({ name }) => name))(
    'prints the help of %s with each option and example',
    (name) => {
      const command = commands.find((candidate) => candidate.name === name)!;
      const help = printed(name, '--help');
      for (const row of command.options) expect(help).toContain(`--${row.name}`);
      for (const { line } of command.examples) expect(help).toContain(line.slice(0, 40));
      expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(
        options.columns,
      );
      expect(printed(name, '-h', '--frobnicate')).toBe(help);
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

  it('prints its version', () => {
    expect(printed('--version')).toBe('1.2.3\n');
  });

  it('leaves options after -- to the command that is started', () => {
    const parsed = parseArguments(['leak', '--', './app', '--version', '-h'], options);
    expect('args' in parsed && parsed.args.rest).toEqual(['./app', '--version', '-h']);
  });

  it('suggests the command that was meant', () => {
    expect(refusal('lek')).toMatch(/no command 'lek'.*did you mean memtrace leak/);
    expect(refusal('frobnicate')).toMatch(/no command 'frobnicate' \/ the commands are leak/);
    expect(refusal('-p', '12')).toMatch(/-p comes before a command \/ .*memtrace leak -p 12/);
  });

  it('completes commands, options and the choices of an option', () => {
    const complete = (...words: string[]) =>
      printed('--get-yargs-completions', ...words)
        .split('\n')
        .slice(0, -1);
    expect(complete('memtrace', 'l')).toEqual(['leak']);
    expect(complete('memtrace', 'leak', '--so')).toEqual(['--sort']);
    expect(complete('memtrace', 'leak', '--sort', '')).toEqual(['size', 'count']);
    expect(complete('memtrace', 'leak', '-p', '')).toEqual([]);
    expect(complete('memtrace', 'leak', '--', './app', '--s')).toEqual([]);
  });

  it('prints a completion script that asks memtrace itself', () => {
    expect(printed('completion')).toContain('memtrace --get-yargs-completions');
  });
});
