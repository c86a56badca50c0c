import { readFileSync } from 'node:fs';
import { type BytePath, pathOfText } from '../domain/byte-path.ts';

const replacement = '\ufffd';

/**
 * Gives the bytes of words of our own command line back: node decodes them as UTF-8, and a file's name need not be. `words` must be in the
 * order in which they were typed. `commandLine`: /proc/self/cmdline, one character for each byte.
 */
export function rawArguments(
  words: readonly string[],
  commandLine: () => string = () => readFileSync('/proc/self/cmdline', 'latin1'),
): BytePath[] {
  if (!words.some((word) => word.includes(replacement))) return words.map(pathOfText);
  const typed = commandLine()
    .split('\0')
    .map((raw) => ({ raw, word: Buffer.from(raw, 'latin1').toString('utf8') }));
  let at = 0;
  return words.map((word) => {
    const found = typed.findIndex((each, index) => index >= at && each.word === word);
    if (found < 0) return pathOfText(word);
    at = found + 1;
    return typed[found]?.raw ?? pathOfText(word);
  });
}
