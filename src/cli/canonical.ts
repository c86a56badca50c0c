import { nearest } from './nearest.ts';
import type { OptionRow } from './option.ts';
import { usage } from './usage.ts';

/**
 * Rewrites arguments as getopt reads them (`-ap 12`, `-T10`, `-Olibfoo.so`, a value that begins with a dash) so that each option
 * is one `--name=value`, which every parser reads the same way. Positionals, and all from `--` on, stay as they are.
 * Throws a usage failure for an unknown option, a value too few or a value too many.
 */
export const canonical = (
  command: string,
  argv: readonly string[],
  rows: readonly OptionRow[],
): string[] => {
  const help = `see memtrace ${command} --help`;
  const out: string[] = [];
  let at = 0;

  const unknown = (typed: string, known: readonly string[]) => {
    const meant = nearest(typed.replace(/^-+/, ''), known);
    return usage(
      `there is no option ${typed}`,
      meant === null ? help : `did you mean --${meant}? ${help}`,
    );
  };
  const takeValue = (row: OptionRow, attached: string | undefined): string => {
    const value = attached ?? argv[++at];
    if (value !== undefined) return value;
    throw usage(
      `--${row.name} needs a value`,
      `for example --${row.name} ${row.example ?? row.value}`,
    );
  };
  const put = (row: OptionRow, attached: string | undefined) => {
    if (row.value !== undefined) out.push(`--${row.name}=${takeValue(row, attached)}`);
    else if (attached === undefined) out.push(`--${row.name}=true`);
    else
      throw usage(
        `--${row.name} takes no value, and '${attached}' was given`,
        `give it alone: --${row.name}`,
      );
  };

  for (; at < argv.length; at++) {
    const token = argv[at]!;
    if (token === '--') return [...out, ...argv.slice(at)];
    if (token.startsWith('--')) {
      const equals = token.indexOf('=');
      const name = token.slice(2, equals < 0 ? undefined : equals);
      const row = rows.find((candidate) => candidate.name === name);
      if (!row)
        throw unknown(
          `--${name}`,
          rows.map((candidate) => candidate.name),
        );
      put(row, equals < 0 ? undefined : token.slice(equals + 1));
    } else if (/^-[^\d.]/.test(token)) {
      for (let letter = 1; letter < token.length; letter++) {
        const row = rows.find((candidate) => candidate.short === token[letter]);
        if (!row)
          throw unknown(
            letter === 1 ? token : `-${token[letter]}`,
            rows.map((candidate) => candidate.name),
          );
        const attached = token.slice(letter + 1).replace(/^=/, '');
        put(row, row.value === undefined || attached === '' ? undefined : attached);
        if (row.value !== undefined) break;
      }
    } else {
      out.push(token);
    }
  }
  return out;
};
