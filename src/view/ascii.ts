const signs: readonly (readonly [RegExp, string])[] = [
  [/↑/g, 'Up'],
  [/↓/g, 'Down'],
  [/·/g, '-'],
  [/≤/g, '<='],
  [/×/g, 'x'],
  [/…/g, '...'],
  [/(?<=\d)µs\b/g, 'us'],
];

/** The text with the signs that memtrace itself writes as ASCII, for terminals without UTF-8; names stay as they are. */
export const asciiText = (text: string): string =>
  signs.reduce((changed, [sign, plain]) => changed.replaceAll(sign, plain), text);
