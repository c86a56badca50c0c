import { Text, type TextProps } from 'ink';
import type { ReactNode } from 'react';

/** One line of the screen: never wraps. */
export function Line({ children, ...style }: TextProps & { readonly children?: ReactNode }) {
  return (
    <Text wrap="truncate-end" {...style}>
      {children === '' || children === undefined ? ' ' : children}
    </Text>
  );
}
