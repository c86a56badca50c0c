import { Text, type TextProps } from 'ink';
import { createContext, useContext } from 'react';

import { asciiText } from '../../view/ascii.ts';
import { printable } from '../../view/printable.ts';
import { shortened } from '../../view/table.ts';

/** What lines are drawn on. */
export interface Paper {
  /** Characters in a line. */
  readonly columns: number;
  readonly unicode: boolean;
}

export const PaperContext = createContext<Paper>({ columns: 80, unicode: true });

/** One line of the screen: it never wraps, and nothing in it moves the cursor. */
export function Line({ children, ...style }: TextProps & { readonly children?: string }) {
  const { columns, unicode } = useContext(PaperContext);
  const text = printable(children ?? '');
  const cut = unicode
    ? shortened(text, columns, 'end', '…')
    : shortened(asciiText(text), columns, 'end', '...');
  return (
    <Text wrap="truncate-end" {...style}>
      {cut || ' '}
    </Text>
  );
}
