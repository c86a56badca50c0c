import type { Arguments, OptionRow } from './option.ts';

export const flag = (args: Arguments, row: OptionRow): boolean => args.options.has(row.name);

/** The value that counts: the last one. */
export const last = (args: Arguments, row: OptionRow): string | undefined =>
  args.options.get(row.name)?.at(-1);

/** The option's value as `read` understands it, or what holds without the option. */
export const optional = <Value>(
  args: Arguments,
  row: OptionRow,
  read: (row: OptionRow, text: string) => Value,
  absent: Value,
): Value => {
  const text = last(args, row);
  return text === undefined ? absent : read(row, text);
};
