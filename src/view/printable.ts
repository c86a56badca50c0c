/** A control character, or one that turns the direction of what follows. */
const unprintable = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/**
 * The text with nothing in it that a terminal would obey: names of processes and functions are the target's to choose. One
 * line stays one line. `tabs` are kept where asked for.
 */
export function printable(text: string, tabs: 'keep-tabs' | 'no-tabs' = 'no-tabs'): string {
  return text.replaceAll(unprintable, (character) => {
    if (character === '\t' && tabs === 'keep-tabs') return character;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
