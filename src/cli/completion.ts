import { commands } from './commands/index.ts';

/**
 * What could stand in place of the last word; `words` begins with the program's name, as the shell has it.
 * Empty where only a file name, a process id or a number can stand.
 */
export const completions = (words: readonly string[]): string[] => {
  const current = words.at(-1) ?? '';
  const command = commands.find(({ name }) => name === words[1]);
  if (words.length <= 2) {
    return [...commands.map(({ name }) => name), 'completion', '--help', '--version'].filter(
      (word) => word.startsWith(current),
    );
  }
  if (!command || words.indexOf('--') > 0) return [];
  const before = command.options.find(
    ({ name, short }) => words.at(-2) === `--${name}` || words.at(-2) === `-${short}`,
  );
  if (before?.value !== undefined)
    return (before.choices ?? []).filter((choice) => choice.startsWith(current));
  if (!current.startsWith('-')) return [];
  return [...command.options.map(({ name }) => `--${name}`), '--help'].filter((option) =>
    option.startsWith(current),
  );
};
