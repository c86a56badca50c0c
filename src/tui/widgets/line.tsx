import { Text, type TextProps } from 'ink';

import { printable } from '../../view/printable.ts';

/** One line of the screen: it never wraps, and nothing in it moves the cursor. */
export function Line({ children, ...style }: TextProps & { readonly children?: string }) {
  return (
    <Text wrap="truncate-end" {...style}>
      {printable(children ?? '') || ' '}
    </Text>
  );
}
