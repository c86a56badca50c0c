/** How things are marked. Colour only ever repeats what a word or a sign says. */
export interface Theme {
  readonly unicode: boolean;
  readonly good: { readonly color?: string };
  readonly warning: { readonly color?: string; readonly bold?: boolean };
  readonly dim: { readonly dimColor?: boolean };
  readonly title: { readonly bold: boolean };
}

/** NO_COLOR (any value) turns colour off; a locale without UTF-8 turns signs to ASCII. */
export function themeFor(environment: NodeJS.ProcessEnv): Theme {
  const colored = (environment['NO_COLOR'] ?? '') === '';
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return {
    unicode: /utf-?8/i.test(locale),
    good: colored ? { color: 'green' } : {},
    warning: colored ? { color: 'yellow', bold: true } : { bold: true },
    dim: colored ? { dimColor: true } : {},
    title: { bold: true },
  };
}
